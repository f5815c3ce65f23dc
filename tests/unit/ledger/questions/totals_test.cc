// YearTotals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using rules::Amending;
using rules::At;
using rules::Notification;
using rules::Report;

v1::TotalsRow TotalsOf(const std::vector<v1::AnswerRow>& rows, std::string_view state) {
  for (const v1::AnswerRow& row : rows) {
    if (row.totals().state() == state) return row.totals();
  }
  ADD_FAILURE() << "no row of " << state;
  return {};
}

v1::AskRequest Totals(std::uint32_t year) {
  v1::AskRequest request;
  request.mutable_year_totals()->set_year(year);
  return request;
}

v1::Body WindowAt(std::string_view reference, std::string_view start, std::uint32_t count) {
  v1::Body body = Notification(reference);
  v1::LaunchNotification& said = *body.mutable_launch_notification();
  said.set_window_start_us(At(start).us);
  said.set_window_end_us((At(start) + Hours(1)).us);
  said.set_count(count);
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
    said.set_class_id("SLV_A");
  }
  return body;
}

TEST(TotalsTest, CountLaunchesByHowTheyWereNotified) {
  Story story;
  story.ledger.SetTime("2026-03-01T00:00:00Z");
  const auto timely = story.File("FRA", WindowAt("A", "2026-03-05T00:00:00Z", 3));
  const auto late = story.File("FRA", WindowAt("B", "2026-03-01T06:00:00Z", 2));
  story.File("FRA", WindowAt("C", "2026-02-01T00:00:00Z", 1));  // post facto
  story.File("FRA", WindowAt("D", "2025-12-01T00:00:00Z", 4));  // historic, of 2025
  story.File("FRA", WindowAt("E", "2027-01-01T00:00:00Z", 5));  // of 2027
  story.ledger.SetTime("2026-03-06T00:00:00Z");
  story.File("FRA", LaunchedAt(timely, "2026-03-05T00:10:00Z"));
  story.File("FRA", LaunchedAt(timely, "2026-03-05T00:20:00Z"));
  story.File("FRA", LaunchedAt(late, "2026-03-01T06:10:00Z"));
  story.File("FRA", LaunchedAt(std::nullopt, "2026-02-02T00:00:00Z"));
  story.File("FRA", Report(late));  // not launched: counts for nothing
  const auto rows = story.Ask(Totals(2026));
  ASSERT_EQ(rows.size(), 3u);
  const v1::TotalsRow fra = TotalsOf(rows, "FRA");
  EXPECT_EQ(fra.announced_timely(), 3u);
  EXPECT_EQ(fra.announced_late(), 2u);
  EXPECT_EQ(fra.announced_post_facto(), 1u);
  EXPECT_EQ(fra.announced_historic(), 0u);
  EXPECT_EQ(fra.launched_timely(), 2u);
  EXPECT_EQ(fra.launched_late(), 1u);
  EXPECT_EQ(fra.launched_unannounced(), 1u);
  EXPECT_TRUE(fra.declaration_owed());
  EXPECT_FALSE(fra.has_declaration());
  EXPECT_EQ(TotalsOf(rows, "DEU").announced_timely(), 0u);
  EXPECT_EQ(TotalsOf(story.Ask(Totals(2025)), "FRA").announced_historic(), 4u);
  EXPECT_FALSE(TotalsOf(story.Ask(Totals(2025)), "FRA").declaration_owed());
  EXPECT_EQ(TotalsOf(story.Ask(Totals(2027)), "FRA").announced_timely(), 5u);
}

TEST(TotalsTest, WhatNoLongerHoldsCountsNoMore) {
  Story story;
  const auto first = story.File("FRA", WindowAt("A", "2026-03-05T00:00:00Z", 3));
  const auto second = story.File("FRA", Amending(WindowAt("A", "2026-03-05T00:00:00Z", 2), first));
  EXPECT_EQ(TotalsOf(story.Ask(Totals(2026)), "FRA").announced_timely(), 2u);
  story.File("FRA", rules::WithdrawalOf(second));
  EXPECT_EQ(TotalsOf(story.Ask(Totals(2026)), "FRA").announced_timely(), 0u);
  EXPECT_EQ(TotalsOf(AllRows(story.Derived(1), Members(), Totals(2026)), "FRA").announced_timely(),
            3u);
}

TEST(TotalsTest, OthersAreToldWhatIsPublic) {
  Story story;
  story.File("FRA", WindowAt("A", "2026-03-05T00:00:00Z", 3));
  v1::Body open = WindowAt("B", "2026-03-05T00:00:00Z", 1);
  open.set_visibility(v1::PUBLIC);
  story.File("FRA", open);
  EXPECT_EQ(TotalsOf(story.Ask(Totals(2026), Public()), "FRA").announced_timely(), 1u);
}

}  // namespace
}  // namespace assent::questions
