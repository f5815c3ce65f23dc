// ActiveNotifications, ExpiredUnresolved.
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

v1::AskRequest ActiveAt(std::string_view time) {
  v1::AskRequest request;
  request.mutable_active_notifications()->set_at_us(At(time).us);
  return request;
}

v1::AskRequest Unresolved(std::string_view state = "") {
  v1::AskRequest request;
  request.mutable_expired_unresolved()->set_state(std::string(state));
  return request;
}

v1::Body Window(std::string_view reference, std::string_view start, std::string_view end) {
  v1::Body body = Notification(reference);
  body.mutable_launch_notification()->set_window_start_us(At(start).us);
  body.mutable_launch_notification()->set_window_end_us(At(end).us);
  return body;
}

std::vector<std::uint64_t> Indices(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::uint64_t> indices;
  for (const v1::AnswerRow& row : rows) indices.push_back(row.notification().index());
  return indices;
}

class NotificationsTest : public ::testing::Test {
 protected:
  Story story_;
};

TEST_F(NotificationsTest, AWindowIsOpenAtBothItsEnds) {
  story_.File("FRA", Window("A", "2026-02-01T00:00:00Z", "2026-02-08T00:00:00Z"));
  story_.File("DEU", Window("A", "2026-02-03T00:00:00Z", "2026-02-03T06:00:00Z"));
  EXPECT_THAT(story_.Ask(ActiveAt("2026-01-31T23:59:59.999999Z")), IsEmpty());
  EXPECT_THAT(Indices(story_.Ask(ActiveAt("2026-02-01T00:00:00Z"))), ElementsAre(0));
  EXPECT_THAT(Indices(story_.Ask(ActiveAt("2026-02-03T01:00:00Z"))), ElementsAre(1, 0));
  EXPECT_THAT(Indices(story_.Ask(ActiveAt("2026-02-08T00:00:00Z"))), ElementsAre(0));
  EXPECT_THAT(story_.Ask(ActiveAt("2026-02-08T00:00:00.000001Z")), IsEmpty());
}

TEST_F(NotificationsTest, WithoutATimeItIsThatOfTheBlock) {
  story_.File("FRA", Window("A", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"));
  v1::AskRequest now;
  now.mutable_active_notifications();
  EXPECT_THAT(story_.Ask(now), IsEmpty());
  story_.ledger.SetTime("2026-02-01T12:00:00Z");
  story_.File("DEU", Window("B", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"));
  EXPECT_THAT(Indices(story_.Ask(now)), ElementsAre(0));
}

TEST_F(NotificationsTest, WhatIsCancelledOrMovedIsNotOpen) {
  const auto gone = story_.File("FRA", Window("A", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"));
  const auto moved =
      story_.File("FRA", Window("B", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"));
  story_.File("FRA", rules::CancellationOf(gone));
  story_.File("FRA", Amending(Window("B", "2026-02-05T00:00:00Z", "2026-02-06T00:00:00Z"), moved));
  EXPECT_THAT(story_.Ask(ActiveAt("2026-02-01T12:00:00Z")), IsEmpty());
  EXPECT_THAT(Indices(story_.Ask(ActiveAt("2026-02-05T12:00:00Z"))), ElementsAre(3));
  EXPECT_THAT(Indices(AllRows(story_.Derived(2), Members(), ActiveAt("2026-02-01T12:00:00Z"))),
              ElementsAre(0, 1));
}

TEST_F(NotificationsTest, BadTimesAndBoxesAreRefused) {
  std::vector<v1::AskRequest> bad(5);
  bad[0].mutable_active_notifications()->set_at_us(-1);
  bad[1].mutable_active_notifications()->mutable_box()->set_north_udeg(90'000'001);
  bad[2].mutable_active_notifications()->mutable_box()->set_south_udeg(1);
  bad[3].mutable_active_notifications()->mutable_box()->set_east_udeg(180'000'001);
  bad[4].mutable_expired_unresolved()->set_state("france");
  for (const v1::AskRequest& request : bad) {
    v1::AskResponse response;
    std::string cursor;
    EXPECT_TRUE(
        absl::IsInvalidArgument(Ask(story_.Now(), Members(), request, 10, cursor, response)))
        << request.ShortDebugString();
  }
}

class UnresolvedTest : public NotificationsTest {
 protected:
  UnresolvedTest() {
    first_ = story_.File("FRA", Window("A", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"));
    Tick("2026-02-03T00:00:00Z");
  }
  // A later block, of an entry that says nothing here.
  void Tick(std::string_view time) {
    story_.ledger.SetTime(time);
    story_.File("NOR", rules::PledgeBy("2030-01-01T00:00:00Z"));
  }
  EntryIndex first_;
};

TEST_F(UnresolvedTest, AWindowThatHasEndedWithoutAWordIsARow) {
  const auto rows = story_.Ask(Unresolved());
  EXPECT_THAT(Indices(rows), ElementsAre(first_.value()));
  EXPECT_EQ(
      rows[0].notification().report_due_us(),
      (At("2026-02-02T00:00:00Z") + rules::ParametersOf(story_.ledger.state()).report_due).us);
  EXPECT_THAT(Indices(story_.Ask(Unresolved("FRA"))), ElementsAre(first_.value()));
  EXPECT_THAT(story_.Ask(Unresolved("NOR")), IsEmpty());
}

TEST_F(UnresolvedTest, AWindowThatIsOpenIsNone) {
  story_.File("FRA", Window("B", "2026-02-03T00:00:00Z", "2026-02-03T00:00:01Z"));
  EXPECT_THAT(Indices(story_.Ask(Unresolved())), ElementsAre(first_.value()));
  Tick("2026-02-03T00:00:01Z");
  EXPECT_THAT(Indices(story_.Ask(Unresolved())), ElementsAre(first_.value()));
  Tick("2026-02-03T00:00:01.000001Z");
  EXPECT_THAT(Indices(story_.Ask(Unresolved())), ElementsAre(first_.value(), 2));
}

TEST_F(UnresolvedTest, AReportResolvesItUntilItIsWithdrawn) {
  const auto report = story_.File("FRA", Report(first_));
  EXPECT_THAT(story_.Ask(Unresolved()), IsEmpty());
  const auto second = story_.File("FRA", Report(first_));
  story_.File("FRA", rules::WithdrawalOf(report));
  EXPECT_THAT(story_.Ask(Unresolved()), IsEmpty()) << "the second report holds";
  story_.File("FRA", rules::WithdrawalOf(second));
  EXPECT_THAT(Indices(story_.Ask(Unresolved())), ElementsAre(first_.value()));
  EXPECT_THAT(AllRows(story_.Derived(3), Members(), Unresolved()), IsEmpty());
}

TEST_F(UnresolvedTest, AReportCountsForTheAmendmentsOfItsNotification) {
  story_.File("FRA", Report(first_));
  story_.File("FRA", Amending(Window("A", "2026-02-01T00:00:00Z", "2026-02-01T09:00:00Z"), first_));
  EXPECT_THAT(story_.Ask(Unresolved()), IsEmpty());
}

TEST_F(UnresolvedTest, CancellationAndWithdrawalResolveIt) {
  const auto other =
      story_.File("DEU", Window("B", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"));
  story_.File("FRA", rules::CancellationOf(first_));
  EXPECT_THAT(Indices(story_.Ask(Unresolved())), ElementsAre(other.value()));
  story_.File("DEU", rules::WithdrawalOf(other));
  EXPECT_THAT(story_.Ask(Unresolved()), IsEmpty());
}

// A report for members is none to the public.
TEST_F(UnresolvedTest, WhoDoesNotSeeTheReportSeesTheNotificationUnresolved) {
  const auto open = story_.File(
      "DEU", rules::Public(Window("B", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z")));
  const auto report = story_.File("DEU", Report(open));
  EXPECT_THAT(Indices(story_.Ask(Unresolved(), Members())), ElementsAre(first_.value()));
  EXPECT_THAT(Indices(story_.Ask(Unresolved(), questions::Public())), ElementsAre(open.value()));
  EXPECT_THAT(Indices(story_.Ask(Unresolved(), Scoped({}, {"LaunchNotification"}))),
              ElementsAre(open.value()));
  story_.File("DEU", rules::Public(Amending(Report(open), report)));
  EXPECT_THAT(story_.Ask(Unresolved(), questions::Public()), IsEmpty());
}

}  // namespace
}  // namespace assent::questions
