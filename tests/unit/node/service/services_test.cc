// Starting and stopping the servers, and the operator's socket.
#include "node/service/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "assent/v1/node.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "node/quota/thread_priority.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using ::testing::HasSubstr;

class ServicesTest : public ServiceTest {
 protected:
  ServicesTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assent-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ServicesTest() override {
    services_.Stop();
    std::filesystem::remove_all(folder_);
  }

  std::string socket() const { return folder_ + "/admin.socket"; }
  absl::Status StartWithSocket() {
    Listen listen = MakeListen();
    listen.admin_socket = socket();
    return services_.Start(listen, MakeBackend());
  }
  std::unique_ptr<v1::Node::Stub> Operator() {
    return v1::Node::NewStub(
        grpc::CreateChannel("unix:" + socket(), grpc::InsecureChannelCredentials()));
  }

  std::string folder_;
};

TEST_F(ServicesTest, AnAddressInUseIsNamed) {
  Start();
  const std::string taken = "127.0.0.1:" + std::to_string(services_.client_port());
  Services second;
  const absl::Status status = second.Start(MakeListen(taken), MakeBackend());
  EXPECT_EQ(status.message(), "cannot listen on " + taken + ": Address already in use");
}

TEST_F(ServicesTest, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "7402", ":7402", "localhost", "localhost:", "localhost:66000",
                           "localhost:x", "::1:7402"}) {
    const absl::Status status = services_.Start(MakeListen(text), MakeBackend());
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text << ": " << status;
  }
}

TEST_F(ServicesTest, AHostThatIsNotOursIsRefused) {
  const absl::Status status = services_.Start(MakeListen("192.0.2.1:7402"), MakeBackend());
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot listen on 192.0.2.1:7402: "));
}

TEST_F(ServicesTest, WhoGetsADescriptorThatIsNotForClientsIsTurnedAway) {
  Listen listen = MakeListen();
  listen.descriptors_max = 0;
  ASSERT_TRUE(services_.Start(listen, MakeBackend()).ok());
  Context context;
  v1::LedgerStatus status;
  EXPECT_EQ(Client()->GetLedgerStatus(&context, {}, &status).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServicesTest, AnAddressHasSoManyConnections) {
  Listen listen = MakeListen();
  listen.quotas.connections_of_address = 2;
  ASSERT_TRUE(services_.Start(listen, MakeBackend()).ok());
  const auto ask = [](v1::Ledger::Stub& client) {
    Context context;
    v1::LedgerStatus status;
    return client.GetLedgerStatus(&context, {}, &status).error_code();
  };
  auto first = Client();
  auto second = Client();
  EXPECT_EQ(ask(*first), grpc::StatusCode::OK);
  EXPECT_EQ(ask(*second), grpc::StatusCode::OK);
  EXPECT_EQ(ask(*Client()), grpc::StatusCode::UNAVAILABLE);
  EXPECT_GE(services_.closed().of_address, 1u);
  EXPECT_EQ(ask(*second), grpc::StatusCode::OK) << "who is there stays";
  // One that goes makes room.
  first.reset();
  grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (code != grpc::StatusCode::OK && std::chrono::steady_clock::now() < until) {
    code = ask(*Client());
  }
  EXPECT_EQ(code, grpc::StatusCode::OK);
}

TEST_F(ServicesTest, StrangersLeaveProcessorsToTheLedger) {
  const auto name_of = [](const std::filesystem::path& task) {
    std::string name;
    std::getline(std::ifstream(task / "comm"), name);
    return name;
  };
  // Ours have the name of who started them. Those of gRPC's have others, and its executor's live on
  // with the priority of whoever found it busy.
  const auto of_strangers = [&] {
    std::size_t count = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      const auto thread = static_cast<id_t>(std::stoul(task.path().filename().string()));
      if (::getpriority(PRIO_PROCESS, thread) != quota::kStrangerNice) continue;
      if (name_of(task.path()) == name_of("/proc/thread-self")) ++count;
    }
    return count;
  };
  const auto wait_for = [](const auto& condition) {
    for (int tries = 0; tries < 6'000 && !condition(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return condition();
  };
  // Those of the test before are joined, but the kernel may not be done with them.
  ASSERT_TRUE(wait_for([&] { return of_strangers() == 0; }));
  Start();
  const std::size_t processors = std::thread::hardware_concurrency();
  // Each lowers its priority itself, once it runs.
  ASSERT_TRUE(wait_for([&] { return of_strangers() > 0; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_LE(of_strangers(), std::max<std::size_t>(1, processors / 2));
  EXPECT_LE(of_strangers(), kReadThreads);
}

TEST_F(ServicesTest, WhatCallersWereRefusedIsCounted) {
  Listen listen = MakeListen();
  listen.quotas.reads_of_address = 1;  // five at once
  ASSERT_TRUE(services_.Start(listen, MakeBackend()).ok());
  const auto client = Client();
  grpc::Status last;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(last.ok());
    Context context;
    v1::LedgerStatus status;
    last = client->GetLedgerStatus(&context, {}, &status);
  }
  EXPECT_EQ(last.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  ASSERT_TRUE(transport::RefusalOf(last));
  EXPECT_EQ(transport::RefusalOf(last)->reason, "RATE_OF_CLIENT");
  EXPECT_EQ(transport::RetryAfterOf(last), std::chrono::milliseconds(1'000));
  std::uint64_t refused = 0;
  for (const TurnedAway& one : services_.turned_away()) refused += one.calls;
  EXPECT_EQ(refused, 1u);
}

// What is on its way while the node stops, and what is sent before it closes, is told why.
// A client that the machine holds up for longer than the node waits gets gRPC's own words: one of
// many tries is enough.
TEST_F(ServicesTest, CallsThatComeWhileItStopsAreTold) {
  const std::string told = "the node is stopping; ask again later, or another node";
  Listen listen = MakeListen();
  listen.quotas.reads_of_address = quota::kQuotaMax;
  grpc::Status ended;
  for (int tries = 0; tries < 20 && ended.error_message() != told; ++tries) {
    ASSERT_TRUE(services_.Start(listen, MakeBackend()).ok());
    const auto channel = Channel(nullptr);
    std::atomic<bool> begun = false;
    ended = grpc::Status::OK;
    std::thread caller([&] {
      const auto client = v1::Ledger::NewStub(channel);
      while (ended.ok()) {
        Context context;
        v1::LedgerStatus status;
        ended = client->GetLedgerStatus(&context, {}, &status);
        begun = true;
      }
    });
    while (!begun) std::this_thread::yield();
    services_.Stop();
    caller.join();
  }
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ended.error_message(), told);
}

TEST_F(ServicesTest, TheServicesCanBeStartedAgain) {
  Start();
  services_.Stop();
  services_.OnCommit(Height(1), 0);  // nobody listens
  Start();
  Context context;
  v1::LedgerStatus status;
  EXPECT_TRUE(Client()->GetLedgerStatus(&context, {}, &status).ok());
}

TEST_F(ServicesTest, AStopIsQuickWhateverClientsDo) {
  std::vector<EntryPtr> entries;
  for (std::uint32_t year = 2002; year < 2022; ++year) {
    v1::Body body = testing::DeclarationBody(year, 16'000);
    body.set_visibility(v1::PUBLIC);
    entries.push_back(chain_.File("AAA", body));
  }
  chain_.CommitEntries(entries);
  constexpr std::chrono::steady_clock::duration kQuick = std::chrono::seconds(2);
  // The best of three: what else the machine does meanwhile is not theirs.
  auto took = std::chrono::steady_clock::duration::max();
  for (int tries = 0; tries < 3 && took >= kQuick; ++tries) {
    Start();
    const auto client = Client();
    Context idle;  // has read everything
    const auto waiting = client->WatchEntries(&idle, [] {
      v1::WatchEntriesRequest request;
      request.set_from_index(100);
      return request;
    }());
    Context stuck;  // never reads
    const auto slow = client->WatchEntries(&stuck, {});
    Context first;
    v1::LedgerStatus status;
    ASSERT_TRUE(client->GetLedgerStatus(&first, {}, &status).ok());

    const auto begin = std::chrono::steady_clock::now();
    services_.Stop();
    took = std::min(took, std::chrono::steady_clock::now() - begin);
  }
  EXPECT_LT(took, kQuick);
}

TEST_F(ServicesTest, HealthAndReflectionAnswer) {
  Start();
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(Channel(nullptr));
  const auto call = [&](const char* method, std::string_view request) {
    grpc::CompletionQueue queue;
    Context context;
    const auto stream = stub.PrepareCall(&context, method, &queue);
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    stream->StartCall(nullptr);
    EXPECT_TRUE(next());
    grpc::Slice slice(request.data(), request.size());
    stream->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    EXPECT_TRUE(next());
    grpc::ByteBuffer response;
    stream->Read(&response, nullptr);
    std::string bytes;
    if (next()) {
      std::vector<grpc::Slice> slices;
      EXPECT_TRUE(response.Dump(&slices).ok());
      for (const grpc::Slice& part : slices) {
        bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
      }
    }
    grpc::Status status;
    stream->Finish(&status, nullptr);
    EXPECT_TRUE(next());
    return bytes;
  };
  const std::string name = "assent.v1.Ledger";
  const std::string check = std::string("\x0a") + static_cast<char>(name.size()) + name;
  EXPECT_EQ(call("/grpc.health.v1.Health/Check", check), "\x08\x01");  // SERVING
  EXPECT_THAT(call("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                   std::string("\x3a\x00", 2)),  // list_services
              HasSubstr(name));
}

// Each open stream of reflection has a thread of gRPC's.
TEST_F(ServicesTest, ManyReflectionStreamsCostFewThreads) {
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  Start();
  Context first;
  v1::LedgerStatus status;
  ASSERT_TRUE(Client()->GetLedgerStatus(&first, {}, &status).ok());
  const auto before = threads();
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(Channel(nullptr));
  grpc::CompletionQueue queue;
  constexpr int kStreams = 200;
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<std::unique_ptr<grpc::GenericClientAsyncReaderWriter>> streams;
  for (int i = 0; i < kStreams; ++i) {
    streams.push_back(
        stub.PrepareCall(contexts.emplace_back(std::make_unique<Context>()).get(),
                         "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue));
    streams.back()->StartCall(nullptr);
  }
  void* tag = nullptr;
  bool ok = false;
  for (int i = 0; i < kStreams; ++i) ASSERT_TRUE(queue.Next(&tag, &ok));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  // The client has a few of its own.
  EXPECT_LT(threads() - before, kSyncThreadsMax + 16);
  Context second;
  EXPECT_TRUE(Client()->GetLedgerStatus(&second, {}, &status).ok());

  for (const auto& context : contexts) context->TryCancel();
  std::vector<grpc::Status> ends(kStreams);
  for (int i = 0; i < kStreams; ++i)
    streams[static_cast<std::size_t>(i)]->Finish(&ends[static_cast<std::size_t>(i)], nullptr);
  for (int i = 0; i < kStreams; ++i) ASSERT_TRUE(queue.Next(&tag, &ok));
}

TEST_F(ServicesTest, TheOperatorSeesTheNode) {
  chain_.CommitEntries({chain_.Notify("AAA")});
  status_.status.mode = replica::Mode::kRestoring;
  status_.status.view = View(7);
  status_.status.pool_entries = 3;
  status_.status.evidence = 2;
  status_.status.votes_from_view = View(9);
  status_.status.peer_heights[chain_.ledger.state("BBB").code] = Height(5);
  for (const char* code : {"BBB", "CCC"}) {
    v1::PeerStatus& peer = peers_.emplace_back();
    peer.set_code(code);
    peer.set_queued_messages(4);
  }
  ASSERT_TRUE(StartWithSocket().ok());
  clock_.now_us = 1'500'000;

  Context context;
  v1::NodeStatus status;
  ASSERT_TRUE(Operator()->GetStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.ledger().height(), 1u);
  EXPECT_EQ(status.mode(), v1::RESTORING);
  EXPECT_EQ(status.view(), 7u);
  EXPECT_EQ(status.pool_entries(), 3u);
  EXPECT_EQ(status.evidence(), 2u);
  EXPECT_EQ(status.votes_from_view(), 9u);
  EXPECT_EQ(status.behind_blocks(), 4u);
  EXPECT_EQ(status.uptime_seconds(), 1u);
  ASSERT_EQ(status.peers_size(), 2);
  EXPECT_EQ(status.peers(0).final_height(), 5u);
  EXPECT_EQ(status.peers(0).queued_messages(), 4u);
  EXPECT_EQ(status.peers(1).final_height(), 0u);
}

TEST_F(ServicesTest, TheOperatorChangesTheLogLevel) {
  ASSERT_TRUE(StartWithSocket().ok());
  v1::SetLogLevelRequest request;
  v1::SetLogLevelResponse response;
  request.set_level("debug");
  Context good;
  EXPECT_TRUE(Operator()->SetLogLevel(&good, request, &response).ok());
  EXPECT_EQ(log_level_, "debug");
  request.set_level("loud");
  Context bad;
  EXPECT_EQ(Operator()->SetLogLevel(&bad, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(log_level_, "debug");
}

TEST_F(ServicesTest, OnlyItsOwnerOpensTheSocket) {
  ASSERT_TRUE(StartWithSocket().ok());
  struct stat info {};
  ASSERT_EQ(::stat(socket().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ServicesTest, ASocketOfARunningNodeIsNotTaken) {
  ASSERT_TRUE(StartWithSocket().ok());
  Services second;
  Listen listen = MakeListen();
  listen.admin_socket = socket();
  const absl::Status status = second.Start(listen, MakeBackend());
  EXPECT_THAT(std::string(status.message()), HasSubstr("another process listens there"));
  Context context;
  v1::NodeStatus answer;
  EXPECT_TRUE(Operator()->GetStatus(&context, {}, &answer).ok());
}

TEST_F(ServicesTest, AFileInThePlaceOfTheSocketIsKept) {
  std::ofstream(socket()) << "precious";
  const absl::Status status = StartWithSocket();
  EXPECT_THAT(std::string(status.message()), HasSubstr("not a socket"));
  EXPECT_EQ(std::filesystem::file_size(socket()), 8u);
}

TEST_F(ServicesTest, ASocketsPathHasALimit) {
  Listen listen = MakeListen();
  listen.admin_socket = folder_ + "/" + std::string(120, 'x');
  EXPECT_TRUE(absl::IsInvalidArgument(services_.Start(listen, MakeBackend())));
}

}  // namespace
}  // namespace assent::service
