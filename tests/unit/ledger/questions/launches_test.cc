// LaunchesWithoutTimelyNotification.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using rules::Amending;
using rules::At;
using rules::Notification;
using rules::Report;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AskRequest Launches(std::string_view state = "", std::uint32_t year = 0,
                        bool historic = false) {
  v1::AskRequest request;
  auto& question = *request.mutable_launches_without_timely_notification();
  question.set_state(std::string(state));
  question.set_year(year);
  question.set_historic(historic);
  return request;
}

// The window opens at `start`, for six hours.
v1::Body WindowAt(std::string_view reference, std::string_view start) {
  v1::Body body = Notification(reference);
  body.mutable_launch_notification()->set_window_start_us(At(start).us);
  body.mutable_launch_notification()->set_window_end_us((At(start) + Hours(6)).us);
  return body;
}

v1::Body LaunchedAt(std::optional<EntryIndex> notification, std::string_view time) {
  v1::Body body = Report(notification.value_or(EntryIndex()));
  v1::LaunchReport& said = *body.mutable_launch_report();
  said.set_outcome(v1::LAUNCHED);
  said.set_launched_at_us(At(time).us);
  if (!notification) {
    said.clear_notification();
    said.set_kind(v1::SPACE_LAUNCH);
    said.set_class_id("SLV_B");
  }
  return body;
}

std::vector<std::uint64_t> Entries(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::uint64_t> entries;
  for (const v1::AnswerRow& row : rows) entries.push_back(row.entries(0));
  return entries;
}

class LaunchesTest : public ::testing::Test {
 protected:
  LaunchesTest() { story_.ledger.SetTime("2026-03-01T00:00:00Z"); }
  Story story_;
};

TEST_F(LaunchesTest, ATimelyNotificationAndItsReportAreNoRow) {
  const auto timely = story_.File("FRA", WindowAt("A", "2026-03-02T00:00:00Z"));
  story_.ledger.SetTime("2026-03-03T00:00:00Z");
  story_.File("FRA", LaunchedAt(timely, "2026-03-02T01:00:00Z"));
  EXPECT_THAT(story_.Ask(Launches()), IsEmpty());
}

TEST_F(LaunchesTest, LateNotificationsAndLaunchesWithoutOneAreByStateAndTime) {
  story_.File("NOR", WindowAt("N", "2026-03-01T23:59:59Z"));                    // 0: a second late
  const auto late = story_.File("FRA", WindowAt("B", "2026-03-01T12:00:00Z"));  // 1: late
  story_.File("FRA", WindowAt("A", "2026-02-28T23:00:00Z"));                    // 2: post facto
  story_.ledger.SetTime("2026-03-03T00:00:00Z");
  story_.File("FRA", LaunchedAt(std::nullopt, "2026-03-02T05:00:00Z"));  // 3: without any
  story_.File("FRA", LaunchedAt(late, "2026-03-01T13:00:00Z"));  // 4: counts by its notification
  const auto rows = story_.Ask(Launches());
  EXPECT_THAT(Entries(rows), ElementsAre(2, 1, 3, 0));
  EXPECT_EQ(rows[0].launch().timeliness(), v1::POST_FACTO);
  EXPECT_EQ(rows[0].launch().reference(), "A");
  EXPECT_EQ(rows[1].launch().timeliness(), v1::LATE);
  EXPECT_EQ(rows[1].launch().basis(), v1::LAUNCH_NOTIFIED);
  EXPECT_EQ(rows[2].launch().basis(), v1::LAUNCH_REPORTED);
  EXPECT_EQ(rows[2].launch().class_id(), "SLV_B");
  EXPECT_EQ(rows[2].launch().at_us(), At("2026-03-02T05:00:00Z").us);
  EXPECT_EQ(rows[3].launch().state(), "NOR");
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"))), ElementsAre(0));
  EXPECT_THAT(story_.Ask(Launches("DEU")), IsEmpty());
}

TEST_F(LaunchesTest, AYearIsThatOfTheWindowOrTheLaunch) {
  story_.ledger.SetTime("2026-12-31T23:00:00Z");
  story_.File("FRA", WindowAt("A", "2026-12-31T23:59:59Z"));
  story_.File("FRA", WindowAt("B", "2027-01-01T00:00:00Z"));
  EXPECT_THAT(Entries(story_.Ask(Launches("", 2026))), ElementsAre(0));
  EXPECT_THAT(Entries(story_.Ask(Launches("", 2027))), ElementsAre(1));
  EXPECT_THAT(story_.Ask(Launches("", 2025)), IsEmpty());
}

TEST_F(LaunchesTest, WhatIsOfATimeBeforeMembershipIsCountedApart) {
  story_.File("FRA", WindowAt("A", "2025-12-31T23:59:59Z"));
  story_.File("FRA", LaunchedAt(std::nullopt, "2025-06-01T00:00:00Z"));
  story_.File("FRA", LaunchedAt(std::nullopt, "2026-01-01T00:00:00Z"));
  EXPECT_THAT(Entries(story_.Ask(Launches())), ElementsAre(2));
  const auto historic = story_.Ask(Launches("", 0, true));
  EXPECT_THAT(Entries(historic), ElementsAre(1, 0));
  EXPECT_EQ(historic[0].launch().timeliness(), v1::HISTORIC);
}

TEST_F(LaunchesTest, WhatNoLongerHoldsIsNoRow) {
  const auto withdrawn = story_.File("FRA", WindowAt("A", "2026-03-01T12:00:00Z"));
  story_.File("FRA", rules::WithdrawalOf(withdrawn));
  const auto cancelled = story_.File("FRA", WindowAt("B", "2026-03-01T13:00:00Z"));
  story_.File("FRA", rules::CancellationOf(cancelled));
  const auto moved = story_.File("FRA", WindowAt("C", "2026-03-01T14:00:00Z"));
  // Judged anew, since it announces something else: in time now.
  story_.File("FRA", Amending(WindowAt("C", "2026-03-09T00:00:00Z"), moved));
  const auto reported = story_.File("FRA", LaunchedAt(std::nullopt, "2026-02-02T00:00:00Z"));
  story_.File("FRA", rules::WithdrawalOf(reported));
  EXPECT_THAT(story_.Ask(Launches()), IsEmpty());
  EXPECT_THAT(Entries(AllRows(story_.Derived(5), Members(), Launches())), ElementsAre(4));
}

TEST_F(LaunchesTest, AReportThatComesToNameANotificationIsNoRow) {
  const auto timely = story_.File("FRA", WindowAt("A", "2026-03-02T00:00:00Z"));
  story_.ledger.SetTime("2026-03-03T00:00:00Z");
  const auto report = story_.File("FRA", LaunchedAt(std::nullopt, "2026-03-02T01:00:00Z"));
  EXPECT_THAT(Entries(story_.Ask(Launches())), ElementsAre(1));
  story_.File("FRA", Amending(LaunchedAt(timely, "2026-03-02T01:00:00Z"), report));
  EXPECT_THAT(story_.Ask(Launches()), IsEmpty());
}

TEST_F(LaunchesTest, TheReaderSeesWhatFollowsFromBodiesThatItMaySee) {
  story_.File("FRA", WindowAt("A", "2026-03-01T12:00:00Z"));
  story_.File("FRA", rules::Public(WindowAt("B", "2026-03-01T13:00:00Z")));
  story_.File("NOR", WindowAt("A", "2026-03-01T14:00:00Z"));
  EXPECT_THAT(Entries(story_.Ask(Launches(), Members())), ElementsAre(0, 1, 2));
  EXPECT_THAT(Entries(story_.Ask(Launches(), questions::Public())), ElementsAre(1));
  EXPECT_THAT(Entries(story_.Ask(Launches(), Scoped({"NOR"}, {}))), ElementsAre(1, 2));
  // The question joins notifications and reports: who may see the one kind only is answered from
  // what is PUBLIC.
  EXPECT_THAT(Entries(story_.Ask(Launches(), Scoped({}, {"LaunchNotification"}))), ElementsAre(1));
}

TEST_F(LaunchesTest, BadQuestionsAreRefused) {
  for (const v1::AskRequest& bad : {Launches("fra"), Launches("", 2001), Launches("", 9999)}) {
    v1::AskResponse response;
    std::string cursor;
    EXPECT_TRUE(absl::IsInvalidArgument(Ask(story_.Now(), Members(), bad, 10, cursor, response)))
        << bad.ShortDebugString();
  }
}

// FRA says that it saw a launch of NOR.
v1::Body SeenAt(std::string_view time) {
  v1::Body body = rules::ObservationOf("NOR");
  body.mutable_observed_launch()->set_launched_at_us(At(time).us);
  return body;
}

TEST_F(LaunchesTest, AnObservedLaunchIsARowUntilItIsContested) {
  const auto seen = story_.File("FRA", SeenAt("2026-02-20T00:00:00Z"));
  const auto rows = story_.Ask(Launches("NOR"));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].entries(0), seen.value());
  EXPECT_EQ(rows[0].launch().basis(), v1::LAUNCH_OBSERVED);
  EXPECT_EQ(rows[0].launch().observer(), "FRA");
  EXPECT_EQ(rows[0].launch().at_us(), At("2026-02-20T00:00:00Z").us);
  const auto contest = story_.File("NOR", rules::ContestOf(seen));
  EXPECT_THAT(story_.Ask(Launches("NOR")), IsEmpty());
  // Neither does an amendment of the observation bring it back, but one of the answer does.
  const auto amended = story_.File("FRA", Amending(SeenAt("2026-02-20T01:00:00Z"), seen));
  EXPECT_THAT(story_.Ask(Launches("NOR")), IsEmpty());
  const auto confirmed = story_.File("NOR", Amending(rules::ConfirmationOf(amended), contest));
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"))), ElementsAre(amended.value()));
  story_.File("NOR", Amending(rules::ContestOf(amended), confirmed));
  EXPECT_THAT(story_.Ask(Launches("NOR")), IsEmpty());
}

TEST_F(LaunchesTest, AContestThatIsTakenBackCountsNoMore) {
  const auto seen = story_.File("FRA", SeenAt("2026-02-20T00:00:00Z"));
  const auto contest = story_.File("NOR", rules::ContestOf(seen));
  story_.File("NOR", rules::WithdrawalOf(contest));
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"))), ElementsAre(seen.value()));
  story_.File("FRA", rules::WithdrawalOf(seen));
  EXPECT_THAT(story_.Ask(Launches("NOR")), IsEmpty());
}

TEST_F(LaunchesTest, AnObservedLaunchThatWasNotifiedInTimeIsNoRow) {
  story_.File("NOR", WindowAt("A", "2026-03-03T00:00:00Z"));
  story_.ledger.SetTime("2026-03-05T00:00:00Z");
  story_.File("FRA", SeenAt("2026-03-03T00:00:00Z"));
  story_.File("FRA", SeenAt("2026-03-03T06:00:00Z"));
  EXPECT_THAT(story_.Ask(Launches("NOR")), IsEmpty());
  const auto before = story_.File("FRA", SeenAt("2026-03-02T23:59:59Z"));
  const auto after = story_.File("FRA", SeenAt("2026-03-03T06:00:01Z"));
  v1::Body missile = SeenAt("2026-03-03T03:00:00Z");
  missile.mutable_observed_launch()->set_kind(v1::BALLISTIC_MISSILE);
  missile.mutable_observed_launch()->set_class_id("BM_A");
  const auto other = story_.File("FRA", missile);
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"))),
              ElementsAre(before.value(), other.value(), after.value()));
}

TEST_F(LaunchesTest, AnObservedLaunchOfNoMemberIsCountedApart) {
  const auto seen = story_.File("FRA", rules::ObservationOf("PRK"));
  EXPECT_THAT(story_.Ask(Launches("PRK")), IsEmpty());
  EXPECT_THAT(Entries(story_.Ask(Launches("PRK", 0, true))), ElementsAre(seen.value()));
}

TEST_F(LaunchesTest, AnObservationIsSeenByWhomItsObserverLets) {
  const auto closed = story_.File("FRA", SeenAt("2026-02-20T00:00:00Z"));
  const auto open = story_.File("FRA", rules::Public(SeenAt("2026-02-21T00:00:00Z")));
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"), questions::Public())), ElementsAre(open.value()));
  const Sight of_nor = Scoped({"NOR"}, {});
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"), of_nor)), ElementsAre(open.value()));
  const Sight of_both = Scoped({"FRA", "NOR"}, {});
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"), of_both)),
              ElementsAre(closed.value(), open.value()));
  // A contest for members does not reach the public.
  story_.File("NOR", rules::ContestOf(open));
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"), questions::Public())), ElementsAre(open.value()));
  EXPECT_THAT(Entries(story_.Ask(Launches("NOR"))), ElementsAre(closed.value()));
}

TEST_F(LaunchesTest, ObservedLaunchesAreTotalled) {
  v1::AskRequest totals;
  totals.mutable_year_totals()->set_year(2026);
  const auto observed = [&] {
    for (const v1::AnswerRow& row : story_.Ask(totals)) {
      if (row.totals().state() == "NOR") return row.totals().observed();
    }
    return std::uint64_t{99};
  };
  EXPECT_EQ(observed(), 0u);
  const auto seen = story_.File("FRA", SeenAt("2026-02-20T00:00:00Z"));
  story_.File("DEU", SeenAt("2026-02-20T00:00:00Z"));
  EXPECT_EQ(observed(), 2u) << "each claim counts";
  story_.File("NOR", rules::ContestOf(seen));
  EXPECT_EQ(observed(), 1u);
}

}  // namespace
}  // namespace assent::questions
