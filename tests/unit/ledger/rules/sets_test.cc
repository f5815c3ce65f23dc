// Sets that keep their past, against a model that keeps a copy of every set of every time.
#include "ledger/rules/sets.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/rules/read.h"

namespace assent::rules {
namespace {

constexpr SetName kSet{"windows", Audience::kMembers};
constexpr std::size_t kNoLimit = 1'000'000;

// All places as of `tree_size`, looking at `keys_max` keys at a time.
std::vector<std::string> Places(const StateView& state, std::uint64_t tree_size,
                                std::size_t keys_max = kNoLimit, std::string_view prefix = "",
                                std::string from = "") {
  std::vector<std::string> places;
  for (;;) {
    std::size_t keys = keys_max;
    const auto stopped =
        VisitSet(state, {.set = kSet, .tree_size = tree_size, .prefix = prefix, .from = from}, keys,
                 [&](std::string_view place) {
                   places.emplace_back(place);
                   return true;
                 });
    if (!stopped) return places;
    if (*stopped == from) {
      ADD_FAILURE() << "a visit that looks at a key goes on";
      return places;
    }
    if (*stopped == from) return places;
    from = *stopped;
  }
}

class SetsTest : public ::testing::Test {
 protected:
  void Enter(std::string_view place, std::uint64_t by) {
    Change([&](StateOverlay& overlay) { rules::Enter(overlay, kSet, place, EntryIndex(by)); });
  }
  void Leave(std::string_view place, std::uint64_t by) {
    Change([&](StateOverlay& overlay) { rules::Leave(overlay, kSet, place, EntryIndex(by)); });
  }
  template <class Act>
  void Change(Act act) {
    StateOverlay overlay(&state_);
    act(overlay);
    state_.Apply(overlay.writes());
  }
  MemoryState state_;
};

using Strings = std::vector<std::string>;

TEST_F(SetsTest, IsAsItWasBeforeEachEntry) {
  Enter("FRA/2", 5);
  Enter("DEU/9", 6);
  Leave("FRA/2", 7);
  EXPECT_EQ(Places(state_, 5), Strings{});
  EXPECT_EQ(Places(state_, 6), Strings{"FRA/2"});
  EXPECT_EQ(Places(state_, 7), (Strings{"DEU/9", "FRA/2"}));
  EXPECT_EQ(Places(state_, 8), Strings{"DEU/9"});
  EXPECT_EQ(Places(state_, kNewest), Strings{"DEU/9"});
  EXPECT_TRUE(IsIn(state_, kSet, "DEU/9"));
  EXPECT_FALSE(IsIn(state_, kSet, "FRA/2"));
  EXPECT_TRUE(AnyIn(state_, kSet, "DEU/"));
  EXPECT_FALSE(AnyIn(state_, kSet, "FRA/"));
}

TEST_F(SetsTest, WhatEntersTwiceOrLeavesTwiceChangesNothing) {
  Enter("FRA/2", 5);
  Enter("FRA/2", 6);
  Leave("FRA/2", 7);
  Leave("FRA/2", 8);
  Leave("DEU/1", 8);
  EXPECT_EQ(Places(state_, 6), Strings{"FRA/2"});
  EXPECT_EQ(Places(state_, 8), Strings{});
}

TEST_F(SetsTest, WhatComesAndGoesWithOneEntryWasNeverThere) {
  Enter("FRA/2", 5);
  Leave("FRA/2", 5);
  EXPECT_EQ(Places(state_, 5), Strings{});
  EXPECT_EQ(Places(state_, 6), Strings{});
}

TEST_F(SetsTest, OtherSetsAreApart) {
  Change([](StateOverlay& overlay) {
    rules::Enter(overlay, {"windows", Audience::kPublic}, "FRA/1", EntryIndex(1));
    rules::Enter(overlay, {"window", Audience::kMembers}, "FRA/1", EntryIndex(1));
  });
  EXPECT_EQ(Places(state_, kNewest), Strings{});
}

TEST_F(SetsTest, AgreesWithAModelAtEverySizeAndByAnyBudget) {
  std::mt19937 random(20'021'125);
  std::set<std::string> now;
  std::vector<std::set<std::string>> at;  // before entry i
  for (std::uint64_t by = 0; by < 400; ++by) {
    at.push_back(now);
    for (int i = 0; i < 3; ++i) {
      const std::string place = absl::StrCat(random() % 2 ? "AAA/" : "BBB/", 10 + random() % 30);
      if (random() % 2) {
        Enter(place, by);
        now.insert(place);
      } else {
        Leave(place, by);
        now.erase(place);
      }
    }
  }
  EXPECT_EQ(Places(state_, kNewest), Strings(now.begin(), now.end()));
  for (std::uint64_t size = 0; size < at.size(); size += 7) {
    const Strings expected(at[size].begin(), at[size].end());
    ASSERT_EQ(Places(state_, size), expected) << size;
    for (const std::size_t keys : {1, 2, 5, 40}) {
      ASSERT_EQ(Places(state_, size, keys), expected) << size << " by " << keys;
    }
    Strings of_one_state;
    for (const std::string& place : expected) {
      if (place.starts_with("BBB/") && place >= "BBB/20") of_one_state.push_back(place);
    }
    ASSERT_EQ(Places(state_, size, 3, "BBB/", "BBB/20"), of_one_state) << size;
  }
}

TEST_F(SetsTest, TheNewestAnswerLooksAtNothingThatHasLeft) {
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const std::string place = absl::StrCat("FRA/", 1'000 + i);
    Enter(place, 2 * i);
    if (i != 999) Leave(place, 2 * i + 1);
  }
  std::size_t keys = 2;
  const auto stopped =
      VisitSet(state_, {.set = kSet, .tree_size = kNewest, .prefix = "", .from = ""}, keys,
               [](std::string_view) { return true; });
  EXPECT_FALSE(stopped);
  EXPECT_EQ(keys, 1u);
}

}  // namespace
}  // namespace assent::rules
