// Launches that are notified and then cancelled.
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Cancellation, LeavesTheNotificationAndSaysWhichEntryCancelledIt) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex cancellation = ledger.MustFile("FRA", CancellationOf(launch));
  const RecordStatus status = *RecordAt(ledger.state(), launch);
  EXPECT_EQ(status.standing, Standing::kCancelled);
  EXPECT_EQ(status.replaced_by, cancellation);
  EXPECT_FALSE(RecordAt(ledger.state(), cancellation));
  const RecordStatus before = *RecordAt(ledger.state(), launch, cancellation.value());
  EXPECT_EQ(before.standing, Standing::kCurrent);
  EXPECT_EQ(before.replaced_by, std::nullopt);
}

TEST(Cancellation, EndsWhatTheNewestAmendmentAnnounced) {
  TestLedger ledger;
  ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-2"));
  v1::Body more = Amending(Notification("A-2"), first);
  more.mutable_launch_notification()->set_count(3);
  const EntryIndex second = ledger.MustFile("FRA", more);
  EXPECT_EQ(NotifiedLaunches(ledger.state(), Code("FRA"), 2026).at("SLV_A"), 4u);
  ledger.MustFile("FRA", CancellationOf(second));
  EXPECT_EQ(NotifiedLaunches(ledger.state(), Code("FRA"), 2026).at("SLV_A"), 1u);
  EXPECT_EQ(RecordAt(ledger.state(), first)->standing, Standing::kAmended);
}

TEST(Cancellation, IsTheLastWordOnANotification) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex cancellation = ledger.MustFile("FRA", CancellationOf(launch));
  EXPECT_EQ(ledger.Reason("FRA", Amending(Notification("A-1"), launch)), "SUPERSEDED_CANCELLED");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(launch)), "TARGET_CANCELLED");
  EXPECT_EQ(ledger.Reason("FRA", Report(launch)), "NOTIFICATION_CANCELLED");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(cancellation)), "TARGET_UNKNOWN");
  EXPECT_EQ(ledger.Reason("FRA", Amending(CancellationOf(launch), cancellation)), "NOT_AMENDABLE");
  // The launch takes place after all: it is notified anew, by another reference.
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1")), "REFERENCE_TAKEN");
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1b")), "");
}

TEST(Cancellation, LeavesReportsThatAreThereAndLetsThemBeTakenBack) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex report = ledger.MustFile("FRA", Report(launch));
  ledger.MustFile("FRA", CancellationOf(launch));
  EXPECT_EQ(RecordAt(ledger.state(), report)->standing, Standing::kCurrent);
  EXPECT_EQ(ledger.Reason("FRA", Amending(Report(launch), report)), "NOTIFICATION_CANCELLED");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(report)), "");
}

TEST(Cancellation, DoesNotTellOthersRecordsFromNone) {
  TestLedger ledger;
  const EntryIndex of_nor = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex declaration = ledger.MustFile("FRA", Declaration(2025));
  for (const EntryIndex named :
       {of_nor, declaration, EntryIndex(1'000), kFirstWaitingIndex, EntryIndex(~0ull)}) {
    EXPECT_EQ(ledger.Reason("FRA", CancellationOf(named)), "NOTIFICATION_UNKNOWN");
  }
}

TEST(Cancellation, MayTellMoreThanTheNotification) {
  TestLedger ledger;
  v1::Body body = CancellationOf(ledger.MustFile("FRA", Notification("A-1")));
  body.set_visibility(v1::PUBLIC);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

}  // namespace
}  // namespace assent::rules
