// Notices of assistance with space launches.
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Assistance, NeedsAReviewThatIsDone) {
  TestLedger ledger;
  v1::Body body = AssistanceTo("IDN");
  body.mutable_assistance_notice()->clear_review();
  EXPECT_EQ(ledger.Reason("FRA", body), "REVIEW_MISSING");
  body = AssistanceTo("IDN");
  body.mutable_assistance_notice()->set_reviewed_us(-1);
  EXPECT_EQ(ledger.Reason("FRA", body), "REVIEW_MISSING");
  body.mutable_assistance_notice()->set_reviewed_us(ledger.now().us + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "REVIEW_IN_FUTURE");
  body.mutable_assistance_notice()->set_reviewed_us(ledger.now().us);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(Assistance, IsToAMemberOrToAnyOtherState) {
  TestLedger ledger;
  EXPECT_EQ(ledger.Reason("FRA", AssistanceTo("NOR")), "");
  EXPECT_EQ(ledger.Reason("FRA", AssistanceTo("IDN")), "");
  EXPECT_EQ(ledger.Reason("FRA", AssistanceTo("")), "STATE_INVALID");
  EXPECT_EQ(ledger.Reason("FRA", AssistanceTo("idn")), "STATE_INVALID");
}

TEST(Assistance, IsAmendedAndWithdrawn) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", AssistanceTo("IDN"));
  v1::Body body = Amending(AssistanceTo("IDN"), first);
  body.mutable_assistance_notice()->set_text("Training in range safety, and a tracking radar.");
  const EntryIndex second = ledger.MustFile("FRA", body);
  EXPECT_EQ(RecordAt(ledger.state(), first)->standing, Standing::kAmended);
  ledger.MustFile("FRA", WithdrawalOf(second));
  EXPECT_EQ(RecordAt(ledger.state(), second)->standing, Standing::kWithdrawn);
}

}  // namespace
}  // namespace assent::rules
