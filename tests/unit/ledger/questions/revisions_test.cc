// RevisionStatus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kText = "The second text.\n";

v1::AskRequest Status() {
  v1::AskRequest request;
  request.mutable_revision_status();
  return request;
}

TEST(RevisionStatusTest, ARoundComesWithTheEntriesThatProveIt) {
  Story story;
  const auto withdrawn = story.File("FRA", rules::Proposing(0, "A text.\n"));  // 0
  story.File("FRA", rules::TakeBack(withdrawn));                               // 1
  const auto round = story.File("FRA", rules::Proposing(0, kText));            // 2
  story.File("NOR", rules::SignRound(round, kText));                           // 3
  story.File("FRA", rules::SignRound(round, kText));                           // 4
  auto rows = story.Ask(Status());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].entries(), ElementsAre(2, 3, 4));
  EXPECT_EQ(rows[0].revision().status(), v1::OPEN_FOR_SIGNATURE);
  EXPECT_THAT(rows[0].revision().missing(), ElementsAre("DEU"));
  EXPECT_THAT(rows[1].entries(), ElementsAre(0, 1));
  EXPECT_EQ(rows[1].revision().status(), v1::ROUND_WITHDRAWN);

  story.File("DEU", rules::SignRound(round, kText));  // 5
  rows = story.Ask(Status());
  EXPECT_EQ(rows[0].revision().status(), v1::FINAL);
  EXPECT_EQ(rows[0].revision().number(), 1u);
  EXPECT_THAT(rows[0].entries(), ElementsAre(2, 3, 4, 5));
  rows = AllRows(story.Derived(4), Members(), Status());
  EXPECT_THAT(rows[0].entries(), ElementsAre(2, 3));
  EXPECT_THAT(rows[0].revision().missing(), ElementsAre("DEU", "FRA"));
}

// Counts the values of members that are read.
class MemberCounter : public StateView {
 public:
  explicit MemberCounter(const StateView& state) : state_(state) {}
  std::optional<std::string> Get(std::string_view key) const override { return state_.Get(key); }
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override {
    const bool of_members = prefix.starts_with(rules::kSubscriptionPrefix);
    state_.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
      if (of_members) ++members_;
      return visit(key, value);
    });
  }
  std::size_t count() const { return members_; }

 private:
  const StateView& state_;
  mutable std::size_t members_ = 0;
};

TEST(RevisionStatusTest, OnlyOfAnOpenRoundTheMembersAreRead) {
  Story story;
  const auto objected = story.File("FRA", rules::Proposing(0, "A text.\n"));
  story.File("NOR", rules::ObjectTo(objected));
  const auto round = story.File("FRA", rules::Proposing(0, kText));
  const auto members_read = [&]() -> std::size_t {
    const Snapshot now = story.Now();
    MemberCounter counter(now.state);
    EXPECT_EQ(AllRows({counter, now.tree_size, now.time}, Members(), Status()).size(), 2u);
    return counter.count();
  };
  EXPECT_EQ(members_read(), 3u) << "of the open round, once";
  for (const char* code : {"FRA", "NOR", "DEU"}) story.File(code, rules::SignRound(round, kText));
  EXPECT_EQ(members_read(), 0u);
}

TEST(RevisionStatusTest, AllRoundsAreListedHoweverManyThereAre) {
  Story story;
  std::vector<std::uint64_t> expected;  // newest first
  for (int i = 0; i < 70; ++i) {
    story.ledger.Pass(Hours(1));
    const auto round = story.File("FRA", rules::Proposing(0, "A text.\n"));
    story.File("NOR", rules::ObjectTo(round));
    expected.insert(expected.begin(), round.value());
  }
  for (const std::size_t rows_max : {1'000u, 69u, 7u}) {
    std::vector<std::uint64_t> rounds;
    for (const v1::AnswerRow& row : AllRows(story.Now(), Members(), Status(), rows_max)) {
      rounds.push_back(row.revision().round());
    }
    EXPECT_EQ(rounds, expected) << rows_max;
  }
}

TEST(RevisionStatusTest, OneRoundMayBeAskedFor) {
  Story story;
  const auto first = story.File("FRA", rules::Proposing(0, "A text.\n"));
  story.File("NOR", rules::ObjectTo(first));
  story.File("FRA", rules::Proposing(0, kText));
  v1::AskRequest request = Status();
  request.mutable_revision_status()->set_round(first.value());
  const auto rows = story.Ask(request);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].revision().objected_by(), "NOR");
  EXPECT_THAT(rows[0].entries(), ElementsAre(0, 1));
  request.mutable_revision_status()->set_round(99);
  EXPECT_THAT(story.Ask(request), IsEmpty());
}

TEST(RevisionStatusTest, AsOfAnOldHeightItBeginsWithTheNewestRoundOfThen) {
  Story story;
  std::vector<std::uint64_t> opened;
  for (std::uint64_t i = 0; i < 9; ++i) {
    const auto round = story.File("FRA", rules::Proposing(0, "A text.\n"));
    opened.push_back(round.value());
    for (std::uint64_t other = 0; other < i; ++other)
      story.File("DEU", rules::Notification(absl::StrCat("L-", i, "-", other)));
    story.File("NOR", rules::ObjectTo(round));
  }
  for (std::uint64_t size = 0; size <= opened.back() + 2; ++size) {
    std::vector<std::uint64_t> expected;
    for (auto id = opened.rbegin(); id != opened.rend(); ++id) {
      if (*id < size) expected.push_back(*id);
    }
    std::vector<std::uint64_t> rounds;
    for (const auto& row : AllRows(story.Derived(size), Members(), Status())) {
      rounds.push_back(row.revision().round());
    }
    EXPECT_EQ(rounds, expected) << size;
  }
}

TEST(RevisionStatusTest, DraftsAreForMembers) {
  Story story;
  story.File("FRA", rules::Proposing(0, kText));
  EXPECT_THAT(story.Ask(Status(), Public()), IsEmpty());
}

}  // namespace
}  // namespace assent::questions
