// A sender fills its own share and nobody else's.
#include "node/ingress.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/test_ledger.h"

namespace assent::node {
namespace {

TEST(ShareTest, IsBoundedInItemsAndBytes) {
  const auto share = std::make_shared<Share>(2, 100);
  auto first = share->TryTake(60);
  EXPECT_TRUE(first);
  EXPECT_FALSE(share->TryTake(41)) << "bytes";
  auto second = share->TryTake(40);
  EXPECT_TRUE(second);
  EXPECT_FALSE(share->TryTake(0)) << "items";
  first.reset();
  EXPECT_TRUE(share->TryTake(60));
}

TEST(ShareTest, OneThatIsLargerThanTheShareStillPassesAlone) {
  const auto share = std::make_shared<Share>(2, 100);
  auto large = share->TryTake(1'000);
  EXPECT_TRUE(large);
  EXPECT_FALSE(share->TryTake(1));
}

TEST(ShareTest, TakeWaitsForRoom) {
  const auto share = std::make_shared<Share>(1, 100);
  auto held = share->Take(1);
  auto waiting = std::async(std::launch::async, [&] { return share->Take(1) != nullptr; });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  held.reset();
  EXPECT_TRUE(waiting.get());
}

TEST(ShareTest, CloseEndsTheWaiting) {
  const auto share = std::make_shared<Share>(1, 100);
  auto held = share->Take(1);
  auto waiting = std::async(std::launch::async, [&] { return share->Take(1) != nullptr; });
  share->Close();
  EXPECT_FALSE(waiting.get());
  EXPECT_FALSE(share->TryTake(1));
}

TEST(ShareTest, APartMayOutliveTheShare) {
  auto share = std::make_shared<Share>(1, 100);
  auto part = share->TryTake(1);
  share.reset();
  part.reset();
}

// Whose first line takes until Release.
class SlowLog : public replica::Log {
 public:
  void Write(replica::LogLevel, std::string_view,
             std::initializer_list<replica::LogField>) override {
    std::unique_lock lock(mutex_);
    const bool first = ++lines_ == 1;
    changed_.notify_all();
    if (first) changed_.wait(lock, [this] { return released_; });
  }
  bool WaitForLines(int lines) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return lines_ >= lines; });
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int lines_ = 0;
  bool released_ = false;
};

TEST(IngressTest, APeersVotesDoNotWaitBehindItsBlocks) {
  SlowLog log;
  const testing::TestLedger ledger(4);
  const MemberCode self = ledger.states[0].code;
  const MemberCode peer = ledger.states[1].code;
  replica::Intake intake(ledger.id(), "test.example", self);
  intake.Enter(std::make_shared<replica::EpochContext>(ledger.id(), Epoch(1), ledger.act.voters()));
  Ingress ingress(/*threads=*/2, &intake, &log, [](replica::Input) {});
  ingress.AddPeers({peer});
  EXPECT_TRUE(ingress.OnBlock(peer, "no block"));
  ASSERT_TRUE(log.WaitForLines(1)) << "the block is being checked, for a long time";
  ingress.OnMessage(peer, "no message");
  EXPECT_TRUE(log.WaitForLines(2)) << "the message waits";
  log.Release();
}

TEST(IngressTest, WhatPeersSendIsBoundedInAll) {
  constexpr std::size_t kMessageBytes = 4 * 1024 * 1024;
  SlowLog log;
  const testing::TestLedger ledger(4);
  replica::Intake intake(ledger.id(), "test.example", ledger.states[0].code);
  intake.Enter(std::make_shared<replica::EpochContext>(ledger.id(), Epoch(1), ledger.act.voters()));
  Ingress ingress(/*threads=*/1, &intake, &log, [](replica::Input) {});
  const MemberCode loud = ledger.states[1].code;
  const MemberCode quiet = ledger.states[2].code;
  ingress.AddPeers({loud, quiet});
  ingress.OnMessage(loud, "no message");
  ASSERT_TRUE(log.WaitForLines(1)) << "it is being checked, for a long time";
  // Each message counts from here on: until there is no room, which gets a line, and is dropped.
  const std::string message(kMessageBytes, 'x');
  const std::size_t most = (Ingress::kPeerBytesMax + Ingress::kPeersBytesMax) / kMessageBytes;
  for (std::size_t i = 0; i < most; ++i) ingress.OnMessage(loud, message);
  EXPECT_LE(ingress.to_check(), most);
  EXPECT_GE(ingress.to_check(), most - 2);
  const std::size_t before = ingress.to_check();
  for (std::size_t i = 0; i < 4; ++i) ingress.OnMessage(loud, message);
  EXPECT_LE(ingress.to_check(), before + 1);
  // Another peer still has its own share.
  const std::size_t filled = ingress.to_check();
  ingress.OnMessage(quiet, message);
  EXPECT_EQ(ingress.to_check(), filled + 1);
  log.Release();
}

TEST(IngressTest, WhoHasGoneCostsNoSignatureCheck) {
  SlowLog log;
  testing::TestLedger ledger(4);
  replica::Intake intake(ledger.id(), "test.example", ledger.states[0].code);
  std::atomic<int> pushed = 0;
  Ingress ingress(/*threads=*/1, &intake, &log, [&pushed](replica::Input) { ++pushed; });
  std::promise<replica::SubmitOutcome> told;
  ingress.Submit(
      testing::MakeEntry(ledger, ledger.states[0], AuthorHead(), testing::NotificationBody("x")),
      true,
      {[&told](replica::SubmitOutcome outcome) { told.set_value(std::move(outcome)); },
       [] { return true; }});
  // The bad signature, or the unknown key, would be a refusal.
  EXPECT_EQ(told.get_future().get().refusal, std::nullopt);
  EXPECT_EQ(pushed, 0);
}

}  // namespace
}  // namespace assent::node
