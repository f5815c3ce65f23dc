#include "ledger/rules/tallies.h"

#include <gtest/gtest.h>

#include "ledger/rules/read.h"

namespace assent::rules {
namespace {

const TallyName kTally{Audience::kMembers, "announced/FRA/2026/1"};

class TalliesTest : public ::testing::Test {
 protected:
  void Add(std::uint64_t number, std::uint64_t by) {
    StateOverlay overlay(&state_);
    rules::Add(overlay, kTally, number, EntryIndex(by));
    state_.Apply(overlay.writes());
  }
  void Subtract(std::uint64_t number, std::uint64_t by) {
    StateOverlay overlay(&state_);
    rules::Subtract(overlay, kTally, number, EntryIndex(by));
    state_.Apply(overlay.writes());
  }
  std::uint64_t At(std::uint64_t tree_size) const { return ValueAt(state_, kTally, tree_size); }
  MemoryState state_;
};

TEST_F(TalliesTest, HasEachOfItsValues) {
  Add(3, 4);
  Add(2, 9);
  Subtract(4, 12);
  EXPECT_EQ(At(0), 0u);
  EXPECT_EQ(At(4), 0u);
  EXPECT_EQ(At(5), 3u);
  EXPECT_EQ(At(9), 3u);
  EXPECT_EQ(At(10), 5u);
  EXPECT_EQ(At(12), 5u);
  EXPECT_EQ(At(13), 1u);
  EXPECT_EQ(At(kNewest), 1u);
}

TEST_F(TalliesTest, OneEntryMayChangeItTwice) {
  Add(3, 0);
  Subtract(3, 7);
  Add(2, 7);
  EXPECT_EQ(At(7), 3u);
  EXPECT_EQ(At(8), 2u);
}

TEST_F(TalliesTest, IsNeverBelowNothing) {
  Subtract(3, 1);
  EXPECT_EQ(At(kNewest), 0u);
}

TEST_F(TalliesTest, OthersAreApart) {
  Add(3, 1);
  EXPECT_EQ(ValueAt(state_, {Audience::kPublic, kTally.name}, kNewest), 0u);
  EXPECT_EQ(ValueAt(state_, {Audience::kMembers, "announced/FRA/2026/2"}, kNewest), 0u);
}

}  // namespace
}  // namespace assent::rules
