// Ranges of blocks: complete, bounded in memory, and never in the way of a stop.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>

#include "node/network/limits.h"
#include "tests/unit/node/network/nodes.h"

namespace assent::network {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class BlocksTest : public ::testing::Test {
 protected:
  ~BlocksTest() override {
    for (Node* node : {&a_, &b_}) {
      node->Stop();
      EXPECT_FALSE(node->events().overlapped());
    }
  }
  // Why a range that `a_` asks for ends.
  absl::Status Ask(Height first, std::uint32_t max_blocks) {
    const std::size_t before = a_.events().Of(b_.code()).ends.size();
    a_.network().RequestBlocks(b_.code(), first, max_blocks);
    const bool ended =
        a_.events().WaitFor(b_.code(), [&](const auto& seen) { return seen.ends.size() > before; });
    return ended ? a_.events().Of(b_.code()).ends.back() : absl::UnknownError("no end");
  }

  Node a_{"AAA"};
  Node b_{"BBB"};
};

TEST_F(BlocksTest, ARangeComesInOrderAndEnds) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 1'000;
  ASSERT_EQ(Ask(Height(3), 500), absl::OkStatus());
  const auto blocks = a_.events().Of(b_.code()).blocks;
  ASSERT_EQ(blocks.size(), 500u);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i], FakeBlocks::Text(Height(3 + i), 100));
  }
  ASSERT_EQ(Ask(Height(503), 0), absl::OkStatus());
  EXPECT_EQ(a_.events().Of(b_.code()).blocks.size(), 998u);
}

TEST_F(BlocksTest, TheServersErrorIsTold) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  EXPECT_EQ(Ask(Height(1), 1), absl::OutOfRangeError("block 1 is not final here yet"));
  b_.blocks().newest = 10;
  b_.blocks().damaged_at = 4;
  EXPECT_EQ(Ask(Height(1), 10), absl::DataLossError("the database is damaged"));
  EXPECT_EQ(a_.events().Of(b_.code()).blocks.size(), 3u);
}

TEST_F(BlocksTest, OneRequestAtATime) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 100;
  a_.events().SetBlockTime(milliseconds(5));
  a_.network().RequestBlocks(b_.code(), Height(1), 100);
  a_.network().RequestBlocks(b_.code(), Height(1), 100);
  ASSERT_TRUE(
      a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.ends.size() == 2; }));
  const auto seen = a_.events().Of(b_.code());
  EXPECT_EQ(seen.ends[0].code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(seen.ends[1], absl::OkStatus());
  EXPECT_EQ(seen.blocks.size(), 100u);
}

TEST_F(BlocksTest, WhoeverHasEnoughEndsTheRequest) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 100'000;
  a_.events().SetBlocksWanted(3);
  EXPECT_FALSE(Ask(Height(1), 0).ok());
  EXPECT_EQ(a_.events().Of(b_.code()).blocks.size(), 3u);
  EXPECT_LT(b_.blocks().read, kRangeBlocksMax);
  // The next one is answered: nothing is left of the first.
  a_.events().SetBlocksWanted(SIZE_MAX);
  EXPECT_EQ(Ask(Height(1), 5), absl::OkStatus());
}

TEST_F(BlocksTest, WithoutAStreamThereAreNoBlocks) {
  a_.Start();
  b_.Start();
  a_.SetPeers({&b_});
  b_.Stop();
  EXPECT_EQ(Ask(Height(1), 1).code(), absl::StatusCode::kUnavailable);
}

TEST_F(BlocksTest, ASlowReceiverIsNotReadAheadFor) {
  constexpr std::uint64_t kMiB = 1024 * 1024;
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 1'000;
  b_.blocks().bytes = kMiB;
  a_.events().SetBlockTime(milliseconds(100));
  a_.network().RequestBlocks(b_.code(), Height(1), 1'000);
  ASSERT_TRUE(
      a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.blocks.size() >= 10; }));
  // What has been read and not been taken is somewhere in memory: a window of TCP's and HTTP/2's.
  EXPECT_LT(b_.blocks().read - a_.events().Of(b_.code()).blocks.size(), 40u);
}

TEST_F(BlocksTest, BlocksDoNotHoldUpMessages) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 1'000;
  b_.blocks().bytes = 100'000;
  a_.events().SetBlockTime(milliseconds(20));
  a_.network().RequestBlocks(b_.code(), Height(1), 1'000);
  ASSERT_TRUE(
      a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.blocks.size() >= 2; }));
  b_.network().Send(a_.code(), Message("a vote"));
  ASSERT_TRUE(
      a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.messages.size() == 1; }));
  EXPECT_LT(a_.events().Of(b_.code()).blocks.size(), 100u);
}

TEST_F(BlocksTest, AMessageDoesNotWaitForABlockThatIsBeingTaken) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.blocks().newest = 10;
  a_.events().SetBlockTime(seconds(3));
  a_.network().RequestBlocks(b_.code(), Height(1), 2);
  std::this_thread::sleep_for(milliseconds(300));  // the first block is being taken
  b_.network().Send(a_.code(), Message("a vote"));
  ASSERT_TRUE(
      a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.messages.size() == 1; }));
  EXPECT_TRUE(a_.events().Of(b_.code()).blocks.empty());
  a_.events().SetBlockTime(milliseconds(0));
}

class StopWhileBlocksFlowTest : public BlocksTest {
 protected:
  static constexpr steady_clock::duration kQuick = seconds(2);

  // The best of three: what else the machine does meanwhile is not theirs.
  void StopInOrder(Node& first, Node& second) {
    auto first_took = steady_clock::duration::max();
    auto second_took = first_took;
    for (int tries = 0; tries < 3 && std::max(first_took, second_took) >= kQuick; ++tries) {
      LetBlocksFlow();
      if (HasFatalFailure()) return;
      first_took = std::min(first_took, TimeOfStop(first));
      second_took = std::min(second_took, TimeOfStop(second));
    }
    EXPECT_LT(first_took, kQuick) << first.code();
    EXPECT_LT(second_took, kQuick) << second.code();
  }

 private:
  void LetBlocksFlow() {
    for (Node* node : {&a_, &b_}) node->Stop();
    ASSERT_TRUE(Connect({&a_, &b_}));
    b_.blocks().newest = 1'000'000;
    b_.blocks().bytes = 100'000;
    const std::size_t had = a_.events().Of(b_.code()).blocks.size();
    a_.network().RequestBlocks(b_.code(), Height(1), 0);
    ASSERT_TRUE(a_.events().WaitFor(
        b_.code(), [&](const auto& seen) { return seen.blocks.size() > had + 10; }));
  }
  static steady_clock::duration TimeOfStop(Node& node) {
    const auto start = steady_clock::now();
    node.network().Stop();
    return steady_clock::now() - start;
  }
};

TEST_F(StopWhileBlocksFlowTest, TheServerFirst) { StopInOrder(b_, a_); }
TEST_F(StopWhileBlocksFlowTest, TheReceiverFirst) { StopInOrder(a_, b_); }

}  // namespace
}  // namespace assent::network
