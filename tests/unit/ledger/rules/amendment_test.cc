// Chains of amendments and withdrawals, and where a record stood at an older height.
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Amendment, KeepsWhatItAmendsAndItsFirstFiling) {
  TestLedger ledger;
  const Time filed = ledger.now();
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  ledger.Pass(Hours(1));
  const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
  const EntryIndex third = ledger.MustFile("FRA", Amending(Notification("A-1"), second));

  EXPECT_EQ(RecordAt(ledger.state(), first)->standing, Standing::kAmended);
  EXPECT_EQ(RecordAt(ledger.state(), first)->replaced_by, second);
  EXPECT_EQ(RecordAt(ledger.state(), second)->replaced_by, third);
  const RecordStatus newest = *RecordAt(ledger.state(), third);
  EXPECT_EQ(newest.standing, Standing::kCurrent);
  EXPECT_EQ(newest.replaced_by, std::nullopt);
  EXPECT_EQ(newest.first_index, first);
  EXPECT_EQ(newest.first_time, filed);
  EXPECT_EQ(newest.author, Code("FRA"));
  EXPECT_EQ(newest.type, "LaunchNotification");
}

TEST(Amendment, MayWidenVisibility) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  v1::Body wide = Amending(Notification("A-1"), first);
  wide.set_visibility(v1::PUBLIC);
  const EntryIndex second = ledger.MustFile("FRA", wide);
  EXPECT_EQ(RecordAt(ledger.state(), first)->audience, Audience::kMembers);
  EXPECT_EQ(RecordAt(ledger.state(), second)->audience, Audience::kPublic);
}

TEST(Amendment, OfAnAmendedRecordNamesTheNewest) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
  ledger.MustFile("FRA", Amending(Notification("A-1"), second));
  const Outcome outcome = ledger.File("FRA", Amending(Notification("A-1"), first));
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->message,
            "record 0 was amended by entry 1: supersede the newest amendment, 2");
}

TEST(Withdrawal, LeavesTheRecordAndSaysWhichEntryTookItBack) {
  TestLedger ledger;
  const EntryIndex report =
      ledger.MustFile("FRA", Report(ledger.MustFile("FRA", Notification("A"))));
  const EntryIndex withdrawal = ledger.MustFile("FRA", WithdrawalOf(report));
  EXPECT_EQ(RecordAt(ledger.state(), report)->standing, Standing::kWithdrawn);
  EXPECT_EQ(RecordAt(ledger.state(), report)->replaced_by, withdrawal);
  EXPECT_FALSE(RecordAt(ledger.state(), withdrawal));
}

TEST(Withdrawal, IsAsPublicAsWhatItTakesBack) {
  TestLedger ledger;
  v1::Body open = Notification("A-1");
  open.set_visibility(v1::PUBLIC);
  const EntryIndex first = ledger.MustFile("FRA", open);
  v1::Body wide = Amending(Notification("A-2"), ledger.MustFile("FRA", Notification("A-2")));
  wide.set_visibility(v1::PUBLIC);
  const EntryIndex widened = ledger.MustFile("FRA", wide);
  for (const EntryIndex target : {first, widened}) {
    v1::Body body = WithdrawalOf(target);
    EXPECT_EQ(ledger.Reason("FRA", body), "TARGET_PUBLIC");
    body.set_visibility(v1::PUBLIC);
    EXPECT_EQ(ledger.Reason("FRA", body), "");
  }
  // Who may read less may be told more.
  v1::Body body = WithdrawalOf(ledger.MustFile("FRA", Notification("A-3")));
  body.set_visibility(v1::PUBLIC);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(Withdrawal, OfARecordWithoutRulesStops) {
  TestLedger ledger;
  const EntryIndex filed = ledger.MustFile("FRA", Notification("A-1"));
  auto damaged = LoadExisting<v1::RecordState>(ledger.state(), RecordKey(filed));
  damaged.set_type(v1::Body::kWithdrawal);
  ledger.Write({{RecordKey(filed), damaged.SerializeAsString()}});
  EXPECT_DEATH(ledger.File("FRA", WithdrawalOf(filed)), "record/");
  damaged.set_type(2'000);
  ledger.Write({{RecordKey(filed), damaged.SerializeAsString()}});
  EXPECT_DEATH(ledger.File("FRA", WithdrawalOf(filed)), "record/");
}

TEST(Withdrawal, DoesNotTellOthersRecordsFromNone) {
  TestLedger ledger;
  const EntryIndex of_nor = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, "New.\n"));
  for (const EntryIndex target : {of_nor, round, EntryIndex(1'000)}) {
    EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(target)), "TARGET_UNKNOWN");
  }
}

TEST(RecordAt, AnOlderTreeSizeShowsWhatHeldThen) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
  const EntryIndex gone = ledger.MustFile("FRA", WithdrawalOf(second));
  const auto standing = [&](EntryIndex index, std::uint64_t tree_size) {
    const auto record = RecordAt(ledger.state(), index, tree_size);
    return record ? std::optional(record->standing) : std::nullopt;
  };
  EXPECT_EQ(standing(first, 0), std::nullopt);
  EXPECT_EQ(standing(first, 1), Standing::kCurrent);
  EXPECT_EQ(standing(first, 2), Standing::kAmended);
  EXPECT_EQ(standing(second, 1), std::nullopt);
  EXPECT_EQ(standing(second, 2), Standing::kCurrent);
  EXPECT_EQ(standing(second, 3), Standing::kWithdrawn);
  EXPECT_EQ(RecordAt(ledger.state(), second, 2)->replaced_by, std::nullopt);
  EXPECT_EQ(RecordAt(ledger.state(), second)->replaced_by, gone);
}

}  // namespace
}  // namespace assent::rules
