// Calls that are refused: at once, and again and again a while later.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "ledger/entry/proto.h"
#include "node/quota/refusal.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kAtOnce = kRefusalsAtOnce * 5;

class RefusedCallTest : public ServiceTest {
 protected:
  // Nobody without a key has a read left, and by a clock that stands still gets none.
  void SetUp() override {
    Listen listen = MakeListen();
    listen.quotas.reads_of_address = 1;
    ASSERT_TRUE(services_.Start(listen, MakeBackend()).ok());
    client_ = Client();
    while (Ask().first.ok()) continue;
  }

  // How the call ended, and after how long.
  std::pair<grpc::Status, milliseconds> Ask() {
    const auto start = steady_clock::now();
    Context context;
    v1::LedgerStatus status;
    const grpc::Status ended = client_->GetLedgerStatus(&context, {}, &status);
    return {ended, std::chrono::duration_cast<milliseconds>(steady_clock::now() - start)};
  }
  std::uint64_t Refusals() {
    std::uint64_t refusals = 0;
    for (const TurnedAway& one : services_.turned_away()) refusals += one.calls;
    return refusals;
  }
  static bool IsRefused(const grpc::Status& status) {
    const auto refusal = transport::RefusalOf(status);
    return refusal && refusal->reason == quota::kRateOfClient;
  }
  // All refusals that are told at once; the first was told in SetUp. Returns how long it took.
  steady_clock::duration WearOut() {
    const auto start = steady_clock::now();
    for (int i = 1; i < kAtOnce; ++i) EXPECT_TRUE(IsRefused(Ask().first));
    return steady_clock::now() - start;
  }

  std::unique_ptr<v1::Ledger::Stub> client_;
};

TEST_F(RefusedCallTest, AgainAndAgainIsToldLaterAndOthersAreServed) {
  EXPECT_LT(WearOut(), kAtOnce * kRefusalHeld / 2) << "none of them was held back";
  const auto [ended, after] = Ask();
  EXPECT_TRUE(IsRefused(ended));
  EXPECT_GE(after, kRefusalHeld);
  Context stream_context;
  const auto start = steady_clock::now();
  const auto stream = client_->WatchEntries(&stream_context, {});
  v1::LedgerEntry entry;
  EXPECT_FALSE(stream->Read(&entry));
  EXPECT_TRUE(IsRefused(stream->Finish()));
  EXPECT_GE(steady_clock::now() - start, kRefusalHeld) << "streams, too";

  client_ = ClientWith(&chain_.ledger.state("BBB").node.transport_seed);
  EXPECT_TRUE(Ask().first.ok());
}

// As many calls as a client likes wait together, so that each that is tried again costs a second.
TEST_F(RefusedCallTest, ThoseThatAreHeldBackWaitTogether) {
  WearOut();
  constexpr std::size_t kCalls = 200;
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<std::unique_ptr<grpc::ClientAsyncResponseReader<v1::LedgerStatus>>> calls;
  std::vector<v1::LedgerStatus> answers(kCalls);
  std::vector<grpc::Status> statuses(kCalls);
  const auto start = steady_clock::now();
  for (std::size_t i = 0; i < kCalls; ++i) {
    contexts.push_back(std::make_unique<Context>());
    calls.push_back(client_->AsyncGetLedgerStatus(contexts.back().get(), {}, &queue));
    calls.back()->Finish(&answers[i], &statuses[i], nullptr);
  }
  for (std::size_t i = 0; i < kCalls; ++i) {
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_GE(steady_clock::now() - start, kRefusalHeld);
  }
  EXPECT_LT(steady_clock::now() - start, 10 * kRefusalHeld);
  for (const grpc::Status& status : statuses) EXPECT_TRUE(IsRefused(status));
}

TEST_F(RefusedCallTest, AClientMayGiveUpWhileItIsHeldBack) {
  WearOut();
  Context context;
  context.set_deadline(std::chrono::system_clock::now() + milliseconds(100));
  v1::LedgerStatus status;
  const grpc::Status ended = client_->GetLedgerStatus(&context, {}, &status);
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(IsRefused(Ask().first)) << "it goes on";
}

TEST_F(RefusedCallTest, AStopTellsThoseThatAreHeldBack) {
  WearOut();
  const std::uint64_t before = Refusals();
  auto call = std::async(std::launch::async, [this] {
    const grpc::Status status = Ask().first;
    return std::pair(status, steady_clock::now());
  });
  while (Refusals() == before && call.wait_for(milliseconds(1)) == std::future_status::timeout) {
    continue;
  }
  const auto start = steady_clock::now();
  services_.Stop();
  const auto [ended, told] = call.get();
  EXPECT_LT(told - start, kRefusalHeld);
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE) << ended.error_message();
}

// An entry that is refused farther in.
TEST_F(RefusedCallTest, SubmissionsAreHeldBackAsWell) {
  WearOut();
  grpc::CompletionQueue queue;
  Context context;
  v1::SubmitResponse answer;
  grpc::Status ended;
  v1::SubmitRequest request;
  *request.mutable_entry() = ToProto(*chain_.Notify("AAA"));
  const auto start = steady_clock::now();
  const auto call = client_->AsyncSubmit(&context, request, &queue);
  call->Finish(&answer, &ended, nullptr);
  Pending pending = submitter_.Take();
  pending.done(
      {quota::Refuse(quota::kRateOfAuthor, "too fast", "AAA"), std::nullopt, std::nullopt});
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GE(steady_clock::now() - start, kRefusalHeld);
}

}  // namespace
}  // namespace assent::service
