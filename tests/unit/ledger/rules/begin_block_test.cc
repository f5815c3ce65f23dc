// What a block does before its first entry.
#include <gtest/gtest.h>

#include "assent/v1/membership.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

std::optional<v1::RecentBlockState> RecentAt(const TestLedger& ledger, std::uint64_t slot) {
  return Load<v1::RecentBlockState>(ledger.state(), RecentBlockKey(slot));
}

TEST(BeginBlock, RemembersTheParentAlsoInAnEmptyBlock) {
  TestLedger ledger;
  EXPECT_FALSE(RecentAt(ledger, 0));
  ledger.PutEmptyBlock();
  ASSERT_TRUE(RecentAt(ledger, 0));
  EXPECT_EQ(RecentAt(ledger, 0)->height(), 0u);
  EXPECT_EQ(RecentAt(ledger, 0)->hash(), TestLedger::BlockHashAt(Height(0)).str());
  EXPECT_FALSE(RecentAt(ledger, 1)) << "its own hash is not known yet";
  ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_EQ(RecentAt(ledger, 1)->hash(), TestLedger::BlockHashAt(Height(1)).str());
}

TEST(BeginBlock, ForgetsTheOldestOfTheRecentBlocks) {
  TestLedger ledger;
  for (std::uint64_t i = 0; i < kRecentBlocks; ++i) ledger.PutEmptyBlock();
  EXPECT_EQ(RecentAt(ledger, 0)->height(), 0u);
  ledger.PutEmptyBlock();
  EXPECT_EQ(RecentAt(ledger, 0)->height(), kRecentBlocks);
  EXPECT_EQ(RecentAt(ledger, 1)->height(), 1u);
}

TEST(BeginBlock, OfADifferentParentGivesAnotherState) {
  TestLedger ledger;
  const BlockStart start{.height = Height(1),
                         .first_index = EntryIndex(0),
                         .parent = TestLedger::BlockHashAt(Height(0)),
                         .parent_time = ledger.act().text.founded,
                         .time = ledger.now()};
  BlockStart other = start;
  other.parent = TestLedger::BlockHashAt(Height(7));
  StateOverlay one(&ledger.state());
  StateOverlay two(&ledger.state());
  BeginBlock(start, one);
  BeginBlock(other, two);
  EXPECT_NE(one.writes(), two.writes());
}

}  // namespace
}  // namespace assent::rules
