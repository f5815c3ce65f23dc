// A pledge, amended and withdrawn.
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Pledge, TargetDateIsAheadByAMicrosecondAtLeast) {
  TestLedger ledger;
  v1::Body body = PledgeBy("2030-01-01");
  body.mutable_pledge()->set_target_date_us(ledger.now().us);
  EXPECT_EQ(ledger.Reason("NOR", body), "TARGET_DATE_PASSED");
  body.mutable_pledge()->set_target_date_us(ledger.now().us + 1);
  EXPECT_EQ(ledger.Reason("NOR", body), "");
  body.mutable_pledge()->set_target_date_us(At("9999-12-31T23:59:59.999999Z").us);
  EXPECT_EQ(ledger.Reason("NOR", body), "");
  body.mutable_pledge()->set_target_date_us(body.pledge().target_date_us() + 1);
  EXPECT_EQ(ledger.Reason("NOR", body), "TARGET_DATE_INVALID");
}

TEST(Pledge, IsAmendedToADateThatIsAheadThen) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("NOR", PledgeBy("2026-06-01"));
  ledger.SetTime("2026-07-01");
  EXPECT_EQ(ledger.Reason("NOR", Amending(PledgeBy("2026-06-01"), first)), "TARGET_DATE_PASSED");
  const EntryIndex second = ledger.MustFile("NOR", Amending(PledgeBy("2027-06-01"), first));
  EXPECT_EQ(RecordAt(ledger.state(), first)->standing, Standing::kAmended);
  EXPECT_EQ(RecordAt(ledger.state(), second)->first_time, At("2026-01-01T01:00:00Z"));
}

TEST(Pledge, IsWithdrawn) {
  TestLedger ledger;
  const EntryIndex pledge = ledger.MustFile("NOR", PledgeBy("2030-01-01"));
  ledger.MustFile("NOR", WithdrawalOf(pledge));
  EXPECT_EQ(RecordAt(ledger.state(), pledge)->standing, Standing::kWithdrawn);
}

}  // namespace
}  // namespace assent::rules
