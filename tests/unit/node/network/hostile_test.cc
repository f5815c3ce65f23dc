// What strangers, and members' nodes that misbehave, can do to a node: nothing that others notice.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "assent/v1/ledger.grpc.pb.h"
#include "assent/v1/peer.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "ledger/limits.h"
#include "node/network/limits.h"
#include "tests/unit/node/network/nodes.h"
#include "tests/unit/node/network/relay.h"
#include "transport/certificate.h"
#include "transport/credentials.h"

namespace assent::network {
namespace {

using std::chrono::milliseconds;

class HostileTest : public ::testing::Test {
 protected:
  // c_ is a member without a node: somebody else has its key.
  void SetUp() override {
    ASSERT_TRUE(Connect({&a_, &b_}));
    a_.network().SetPeers({b_.address(), {c_, "127.0.0.1:1", KeyOf("CCC")}});
  }
  ~HostileTest() override {
    a_.Stop();
    b_.Stop();
  }

  // A client of a_ that shows the key of `identity`, with a stream of its own making.
  std::unique_ptr<v1::Peer::Stub> StubOf(
      const char* identity, grpc::ChannelArguments arguments = transport::ClientArguments()) {
    const SecretSeed seed = SeedOf(identity);
    arguments.SetMaxSendMessageSize(-1);
    return v1::Peer::NewStub(grpc::CreateCustomChannel(
        a_.address().endpoint, *transport::ClientCredentials(&seed, {KeyOf("AAA")}), arguments));
  }
  // How a stream ends on which `message` is sent, `times` times.
  grpc::Status Exchange(v1::Peer::Stub& stub, const v1::PeerMessage& message, int times,
                        grpc_compression_algorithm compression = GRPC_COMPRESS_NONE) {
    grpc::ClientContext context;
    context.set_compression_algorithm(compression);
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    const auto stream = stub.Exchange(&context);
    for (int i = 0; i < times && stream->Write(message); ++i) continue;
    stream->WritesDone();
    v1::PeerAck ack;
    while (stream->Read(&ack)) ++acks_;
    return stream->Finish();
  }
  static v1::PeerMessage MessageOf(std::size_t bytes) {
    v1::PeerMessage message;
    message.mutable_certificates()->add_certificates(std::string(bytes, 'x'));
    return message;
  }
  // b_ still reaches a_.
  void ExpectUndisturbed() {
    const std::size_t had = a_.events().Of(b_.code()).messages.size();
    b_.network().Send(a_.code(), Message("hello"));
    EXPECT_TRUE(a_.events().WaitFor(b_.code(),
                                    [&](const auto& seen) { return seen.messages.size() > had; }));
    EXPECT_EQ(b_.events().Of(a_.code()).downs, 0);
  }

  Node a_{"AAA"};
  Node b_{"BBB"};
  const MemberCode c_ = Code("CCC");
  int acks_ = 0;
};

TEST_F(HostileTest, AStrangersKeyIsNotLetIn) {
  const grpc::Status status = Exchange(*StubOf("stranger"), MessageOf(10), 1);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  ExpectUndisturbed();
}

TEST_F(HostileTest, AServerWithAStrangersKeyIsNotSpokenTo) {
  // Says that it is BBB, and listens where BBB is expected, but has another key.
  Node impostor("CCC");
  impostor.Start();
  PeerAddress address = b_.address();
  address.endpoint = impostor.address().endpoint;
  a_.network().SetPeers({address});
  ASSERT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.downs == 1; }));
  EXPECT_FALSE(a_.StatusOf(b_.code()).sending);
  EXPECT_NE(a_.StatusOf(b_.code()).last_error.find(KeyOf("CCC").hex()), std::string::npos)
      << a_.StatusOf(b_.code()).last_error;
}

TEST_F(HostileTest, APeerOfAnotherVersionIsNamedAsSuch) {
  // It has the peer's key, and services, but none of that name.
  v1::Ledger::Service other;
  const SecretSeed seed = SeedOf("CCC");
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0",
                           transport::ServerCredentials(transport::MakeCertificate(seed),
                                                        transport::ClientPolicy::Optional()),
                           &port);
  builder.RegisterService(&other);
  const auto server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  a_.network().SetPeers({b_.address(), {c_, absl::StrCat("127.0.0.1:", port), KeyOf("CCC")}});
  const auto says = [&] { return a_.StatusOf(c_).last_error; };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (says().find("assent.v1.Peer") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(
      says(),
      "the peer does not speak assent.v1.Peer: its program is of another version, upgrade the "
      "older one");
  ExpectUndisturbed();
  server->Shutdown();
}

TEST_F(HostileTest, RandomBytesDoNotDisturb) {
  std::minstd_rand random(1);
  std::vector<int> open;
  for (int i = 0; i < 100; ++i) {
    const int fd = ConnectTcp(a_.port());
    std::string noise(random() % 3'000, '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    if (i % 4 == 0) noise.insert(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    (void)!::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL);
    open.push_back(fd);
  }
  ExpectUndisturbed();
  for (const int fd : open) ::close(fd);
}

TEST_F(HostileTest, AMessageThatIsTooLongEndsItsStream) {
  const auto stub = StubOf("CCC");
  EXPECT_FALSE(Exchange(*stub, MessageOf(kGrpcMessageBytesMax), 1).ok());
  EXPECT_TRUE(a_.events().Of(c_).messages.empty());
  ExpectUndisturbed();
}

TEST_F(HostileTest, ACompressedMessageEndsItsStream) {
  const auto stub = StubOf("CCC");
  EXPECT_FALSE(Exchange(*stub, MessageOf(1024 * 1024), 1, GRPC_COMPRESS_GZIP).ok());
  EXPECT_TRUE(a_.events().Of(c_).messages.empty());
  ExpectUndisturbed();
}

TEST_F(HostileTest, AStreamThatEndsInOrderIsAcknowledged) {
  const grpc::Status status = Exchange(*StubOf("CCC"), MessageOf(10), 3);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(acks_, 1);
  EXPECT_TRUE(a_.events().WaitFor(c_, [](const auto& seen) { return seen.messages.size() == 3; }));
}

TEST_F(HostileTest, ManyStreamsOfOnePeerLeaveNothingBehind) {
  const auto stub = StubOf("CCC");
  for (std::size_t i = 1; i <= 200; ++i) {
    ASSERT_TRUE(Exchange(*stub, MessageOf(1'000), 1).ok());
  }
  EXPECT_TRUE(
      a_.events().WaitFor(c_, [](const auto& seen) { return seen.messages.size() == 200; }));
  const auto receiving = [this] { return a_.StatusOf(c_).receiving; };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (receiving() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_FALSE(receiving());
  ExpectUndisturbed();
}

// Each new stream of a peer says that it can be dialled; one that cannot must not make us try all
// the time.
TEST_F(HostileTest, NewStreamsDoNotMakeUsDialAllTheTime) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(local);
  auto* const address = reinterpret_cast<sockaddr*>(&local);
  ASSERT_EQ(::bind(listener, address, size), 0);
  ASSERT_EQ(::listen(listener, 16), 0);
  ASSERT_EQ(::getsockname(listener, address, &size), 0);
  std::atomic<int> dialled = 0;
  std::thread hangs_up([&] {
    for (int fd = 0; (fd = ::accept(listener, nullptr, nullptr)) >= 0; ++dialled) ::close(fd);
  });
  a_.network().SetPeers(
      {b_.address(), {c_, "127.0.0.1:" + std::to_string(::ntohs(local.sin_port)), KeyOf("CCC")}});

  const auto stub = StubOf("CCC");
  const auto end = std::chrono::steady_clock::now() + milliseconds(1'500);
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(Exchange(*stub, MessageOf(10), 1).ok());
    std::this_thread::sleep_for(milliseconds(5));
  }
  // The pauses double from half of kBackoffFirst at the least, and one may have been cut short.
  EXPECT_LE(dialled, 8);
  a_.Stop();
  ::shutdown(listener, SHUT_RDWR);
  hangs_up.join();
  ::close(listener);
}

TEST_F(HostileTest, OnlyPeersAreToldTheTime) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  v1::GetTimeResponse time;
  EXPECT_FALSE(StubOf("stranger")->GetTime(&context, {}, &time).ok());
  grpc::ClientContext of_peer;
  of_peer.set_deadline(std::chrono::system_clock::now() + kPatience);
  EXPECT_TRUE(StubOf("CCC")->GetTime(&of_peer, {}, &time).ok());
  EXPECT_GT(time.time_us(), 0);
}

// Opens streams while its events are blocked: each could leave a message behind.
TEST_F(HostileTest, NewStreamsDoNotGetAroundTheInbox) {
  a_.events().Block(c_);
  const auto stub = StubOf("CCC");
  const v1::PeerMessage large = MessageOf(kGrpcMessageBytesMax - 100);
  constexpr int kStreams = 20;
  for (int i = 0; i < kStreams; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + milliseconds(200));
    const auto stream = stub->Exchange(&context);
    stream->Write(large);
    stream->WritesDone();
    stream->Finish();
  }
  ExpectUndisturbed();
  a_.events().Release();
  std::this_thread::sleep_for(milliseconds(500));
  // One that is being told, and what the inbox holds.
  EXPECT_LE(a_.events().Of(c_).messages.size(), 1 + kInboxBytesMax / large.ByteSizeLong() + 1);
}

TEST_F(HostileTest, ARequestForBlocksBeyondAllBoundsIsAnswered) {
  const auto stub = StubOf("CCC");
  grpc::ClientContext context;
  v1::GetBlocksRequest request;
  request.set_from_height(UINT64_MAX);
  request.set_max_blocks(UINT32_MAX);
  const auto stream = stub->GetBlocks(&context, request);
  v1::FinalBlock block;
  EXPECT_FALSE(stream->Read(&block));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  ExpectUndisturbed();
}

TEST_F(HostileTest, ARequestForBlocksThatIsNoneIsRefused) {
  const SecretSeed seed = SeedOf("CCC");
  grpc::GenericStub stub(grpc::CreateCustomChannel(
      a_.address().endpoint, *transport::ClientCredentials(&seed, {KeyOf("AAA")}),
      transport::ClientArguments()));
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  const grpc::Slice noise("\xff\xff\xff\xff");
  const auto call = stub.PrepareUnaryCall(&context, "/assent.v1.Peer/GetBlocks",
                                          grpc::ByteBuffer(&noise, 1), &queue);
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->StartCall();
  call->Finish(&answer, &status, this);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  ExpectUndisturbed();
}

}  // namespace
}  // namespace assent::network
