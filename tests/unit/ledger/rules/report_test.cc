// Whether reports of launches come in time, and what is kept of them.
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using compliance::Timeliness;

constexpr Duration kTick = Microseconds(1);
// 48 hours after the window of Notification() has closed.
constexpr std::string_view kDue = "2026-02-03T06:00:00Z";

// A launch that nobody notified.
v1::Body Unannounced(std::string_view launched_at) {
  v1::Body body = Report(EntryIndex(0));
  v1::LaunchReport& said = *body.mutable_launch_report();
  said.clear_notification();
  said.set_outcome(v1::LAUNCHED);
  said.set_launched_at_us(At(launched_at).us);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_B");
  return body;
}

Timeliness TimelinessOf(const TestLedger& ledger, EntryIndex report) {
  return RecordAt(ledger.state(), report)->timeliness;
}

v1::ReportState KeptOf(const TestLedger& ledger, EntryIndex report) {
  return LoadExisting<v1::RecordState>(ledger.state(), RecordKey(report)).report();
}

TEST(LaunchReport, IsTimelyUntilFortyEightHoursAfterTheWindow) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_EQ(TimelinessOf(ledger, ledger.MustFile("FRA", Report(launch))), Timeliness::kTimely);
  ledger.SetTime(kDue);
  EXPECT_EQ(TimelinessOf(ledger, ledger.MustFile("FRA", Report(launch))), Timeliness::kTimely);
  ledger.Pass(kTick);
  EXPECT_EQ(TimelinessOf(ledger, ledger.MustFile("FRA", Report(launch))), Timeliness::kLate);
}

TEST(LaunchReport, IsDueByTheNewestWindowOfItsNotification) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  v1::Body later = Notification("A-1");
  later.mutable_launch_notification()->set_window_end_us(At("2026-02-02T06:00:00Z").us);
  later.mutable_launch_notification()->set_class_id("SLV_B");
  ledger.MustFile("FRA", Amending(later, first));
  ledger.SetTime("2026-02-04T06:00:00Z");
  const EntryIndex report = ledger.MustFile("FRA", Report(first));
  EXPECT_EQ(TimelinessOf(ledger, report), Timeliness::kTimely);
  EXPECT_EQ(KeptOf(ledger, report).due_us(), ledger.now().us);
  EXPECT_EQ(KeptOf(ledger, report).class_id(), "SLV_B");
}

TEST(LaunchReport, WithoutNotificationIsDueFortyEightHoursAfterTheLaunch) {
  TestLedger ledger;
  ledger.SetTime("2026-02-03");
  const EntryIndex timely = ledger.MustFile("FRA", Unannounced("2026-02-01T00:00:00Z"));
  const EntryIndex late = ledger.MustFile("FRA", Unannounced("2026-01-31T23:59:59.999999Z"));
  EXPECT_EQ(TimelinessOf(ledger, timely), Timeliness::kTimely);
  EXPECT_EQ(TimelinessOf(ledger, late), Timeliness::kLate);
}

TEST(LaunchReport, OfALaunchBeforeMembershipIsHistoric) {
  TestLedger ledger;
  const EntryIndex report = ledger.MustFile("FRA", Unannounced("2025-12-31T23:59:59Z"));
  EXPECT_EQ(TimelinessOf(ledger, report), Timeliness::kHistoric);
}

TEST(LaunchReport, KeepsWhatQuestionsAreAnsweredFrom) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  ledger.SetTime("2026-02-01T04:00:00Z");
  v1::Body body = Report(launch);
  body.mutable_launch_report()->set_outcome(v1::FAILED);
  body.mutable_launch_report()->set_launched_at_us(At("2026-02-01T03:00:00Z").us);
  const EntryIndex report = ledger.MustFile("FRA", body);
  const v1::ReportState kept = KeptOf(ledger, report);
  EXPECT_EQ(kept.notification(), launch.value());
  EXPECT_EQ(kept.outcome(), v1::FAILED);
  EXPECT_EQ(kept.launched_at_us(), At("2026-02-01T03:00:00Z").us);
  EXPECT_EQ(kept.kind(), v1::SPACE_LAUNCH);
  EXPECT_EQ(kept.class_id(), "SLV_A");
  EXPECT_EQ(kept.judged_us(), ledger.now().us);
  EXPECT_EQ(kept.due_us(), At(kDue).us);
}

TEST(LaunchReport, AmendmentKeepsTheTimeOfTheSameLaunchOnly) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex other = ledger.MustFile("FRA", Notification("A-2"));
  const EntryIndex report = ledger.MustFile("FRA", Report(launch));
  ledger.SetTime("2026-03-01");
  const EntryIndex same = ledger.MustFile("FRA", Amending(Report(launch), report));
  EXPECT_EQ(TimelinessOf(ledger, same), Timeliness::kTimely);
  const EntryIndex another = ledger.MustFile("FRA", Amending(Report(other), same));
  EXPECT_EQ(TimelinessOf(ledger, another), Timeliness::kLate);
  // Back again: what was judged anew stays so.
  const EntryIndex back = ledger.MustFile("FRA", Amending(Report(launch), another));
  EXPECT_EQ(TimelinessOf(ledger, back), Timeliness::kLate);
}

TEST(LaunchReport, AmendedToALaunchThatCameLaterIsJudgedAnew) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex not_yet = ledger.MustFile("FRA", Report(launch));
  ledger.SetTime("2026-03-01");
  v1::Body after_all = Report(launch);
  after_all.mutable_launch_report()->set_outcome(v1::LAUNCHED);
  after_all.mutable_launch_report()->set_launched_at_us(At("2026-02-01T01:00:00Z").us);
  const EntryIndex report = ledger.MustFile("FRA", Amending(after_all, not_yet));
  EXPECT_EQ(TimelinessOf(ledger, report), Timeliness::kLate);
}

TEST(LaunchReport, AmendmentOfAnUnannouncedLaunchKeepsItsTimeWithItsClass) {
  TestLedger ledger;
  ledger.SetTime("2026-02-02");
  const EntryIndex first = ledger.MustFile("FRA", Unannounced("2026-02-01T00:00:00Z"));
  ledger.SetTime("2026-03-01");
  const EntryIndex corrected =
      ledger.MustFile("FRA", Amending(Unannounced("2026-02-01T00:01:00Z"), first));
  EXPECT_EQ(TimelinessOf(ledger, corrected), Timeliness::kTimely);
  v1::Body other_class = Unannounced("2026-02-01T00:01:00Z");
  other_class.mutable_launch_report()->set_class_id("SLV_A");
  const EntryIndex changed = ledger.MustFile("FRA", Amending(other_class, corrected));
  EXPECT_EQ(TimelinessOf(ledger, changed), Timeliness::kLate);
}

}  // namespace
}  // namespace assent::rules
