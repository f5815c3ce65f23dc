// Sets that keep their past, against a model that keeps a copy of every set of every time.
#include "ledger/rules/sets.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/past.h"
#include "ledger/rules/read.h"
#include "ledger/rules/set_visit.h"

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
    indexed_.Apply(overlay.writes());
    indexed_.Apply(IndexWritesFor(overlay.writes()));
  }
  MemoryState state_;
  MemoryState indexed_;  // the same, with the index of the past once it is marked
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
    for (const std::size_t keys : {1u, 2u, 5u, 40u}) {
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

// Things that come and go quickly, some that stay long, and some that come again.
TEST_F(SetsTest, TheIndexOfThePastGivesTheSame) {
  std::mt19937 random(20'050'101);
  std::map<std::string, std::uint64_t> leaves;
  constexpr std::uint64_t kEnd = 1'200;
  for (std::uint64_t by = 0; by < kEnd; ++by) {
    const std::string place =
        absl::StrCat(random() % 2 ? "AAA/" : "BBB/", 1'000 + by / 4 + random() % 20);
    Enter(place, by);
    leaves.emplace(place, by + 1 + random() % (random() % 50 == 0 ? kEnd : 12));
    for (auto it = leaves.begin(); it != leaves.end();) {
      if (it->second > by) {
        ++it;
        continue;
      }
      Leave(it->first, by);
      it = leaves.erase(it);
    }
  }
  indexed_.Apply({{std::string(kPastMark), ""}});
  for (std::uint64_t size = 0; size <= kEnd; size += 13) {
    const Strings expected = Places(state_, size);
    ASSERT_EQ(Places(indexed_, size), expected) << size;
    ASSERT_EQ(Places(indexed_, size, 150), expected) << size;
    ASSERT_EQ(Places(indexed_, size, 400, "BBB/", "BBB/1100"),
              Places(state_, size, kNoLimit, "BBB/", "BBB/1100"))
        << size;
  }
}

TEST_F(SetsTest, WithTheIndexOfThePastAnOldAnswerCostsWhatWasInTheSet) {
  constexpr std::uint64_t kThings = 20'000;
  for (std::uint64_t i = 0; i < kThings; ++i) {
    Enter(absl::StrCat("FRA/", 100'000 + i), 2 * i);
    if (i >= 5) Leave(absl::StrCat("FRA/", 100'000 + i - 5), 2 * i + 1);
  }
  std::size_t keys = kThings;
  Strings places;
  const SetRange range{.set = kSet, .tree_size = kThings + 1, .prefix = "", .from = ""};
  const auto visit = [&](std::string_view place) {
    places.emplace_back(place);
    return true;
  };
  EXPECT_FALSE(VisitSet(state_, range, keys, visit));
  EXPECT_LT(keys, 10u) << "without the index all that has left is looked at";
  const Strings expected = std::exchange(places, {});
  EXPECT_EQ(expected.size(), 6u);
  indexed_.Apply({{std::string(kPastMark), ""}});
  keys = kThings;
  EXPECT_FALSE(VisitSet(indexed_, range, keys, visit));
  EXPECT_EQ(places, expected);
  EXPECT_LT(kThings - keys, 400u);
}

TEST_F(SetsTest, WhatIsNotWantedIsSkippedAndCostsAKeyForEachPart) {
  for (std::uint64_t i = 0; i < 4'000; ++i) {
    const std::string place = absl::StrCat(i % 2 == 0 ? "AAA/" : "BBB/", 10'000 + i / 2);
    Enter(place, 2 * i);
    if (i % 3 == 0) Leave(place, 2 * i + 400);
  }
  indexed_.Apply({{std::string(kPastMark), ""}});
  const auto skip = [](std::string_view place) -> std::optional<std::string> {
    const std::string_view number = place.substr(4);
    if (number < "10500") return std::string(place.substr(0, 4)) + "10500";
    if (number >= "10510") return After(place.substr(0, 3));
    return std::nullopt;
  };
  for (const std::uint64_t size : {std::uint64_t{2'030}, std::uint64_t{7'000}, kNewest}) {
    Strings expected;
    for (const std::string& place : Places(state_, size)) {
      if (!skip(place)) expected.push_back(place);
    }
    EXPECT_FALSE(expected.empty());
    for (const MemoryState* state : {&state_, &indexed_}) {
      Strings places;
      std::size_t keys = kNoLimit;
      EXPECT_FALSE(VisitSetSkipping(*state,
                                    {.set = kSet, .tree_size = size, .prefix = "", .from = ""},
                                    skip, keys, [&](std::string_view place) {
                                      places.emplace_back(place);
                                      return true;
                                    }));
      EXPECT_EQ(places, expected) << size;
      EXPECT_LT(kNoLimit - keys, 100u) << size;
    }
  }
}

TEST_F(SetsTest, AThingStandsUnderTheSizeWithTheGreatestPowerOfTwo) {
  const auto key_of = [&](std::uint64_t since, std::uint64_t until) {
    Change([&](StateOverlay& overlay) {
      rules::Enter(overlay, kSet, "FRA/1", EntryIndex(since));
      rules::Leave(overlay, kSet, "FRA/1", EntryIndex(until));
    });
    std::string found;
    const std::string since_digits = absl::StrCat("/", IndexDigits(EntryIndex(since)));
    indexed_.Scan("past/", "past/", [&](std::string_view key, std::string_view) {
      if (key.ends_with(since_digits)) found = key;
      return true;
    });
    return found;
  };
  const auto key = [](std::uint64_t node, std::uint64_t since) {
    return absl::StrCat("past/windows/m/", IndexDigits(EntryIndex(node)), "/FRA/1/",
                        IndexDigits(EntryIndex(since)));
  };
  EXPECT_EQ(key_of(0, 1), key(1, 0));
  EXPECT_EQ(key_of(2, 3), key(3, 2));
  EXPECT_EQ(key_of(4, 7), key(6, 4));
  EXPECT_EQ(key_of(7, 8), key(8, 7));
  EXPECT_EQ(key_of(9, 100), key(64, 9));
  EXPECT_TRUE(IndexKeyFor("in/windows/m/FRA/1", "").empty());
}

}  // namespace
}  // namespace assent::rules
