// Annual declarations that are accepted, and what the ledger says of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using compliance::Timeliness;

v1::DeclarationPart& Space(v1::Body& body) {
  return *body.mutable_annual_declaration()->mutable_space_launch();
}

v1::Body WithLaunches(v1::Body body, const std::string& class_id, std::uint32_t count) {
  v1::ClassCount& launches = *Space(body).add_launches();
  launches.set_class_id(class_id);
  launches.set_count(count);
  return body;
}

v1::Body SpaceUnchanged(std::uint32_t year, EntryIndex since) {
  v1::Body body = Declaration(year);
  Space(body).set_form(v1::NO_CHANGE);
  Space(body).set_unchanged_since(since.value());
  return body;
}

TEST(AnnualDeclaration, EndedAndRunningYearsFrom2002AreTaken) {
  TestLedger ledger;
  for (const std::uint32_t year : {2002u, 2025u, 2026u}) {
    EXPECT_EQ(ledger.Reason("FRA", Declaration(year)), "") << year;
  }
  EXPECT_EQ(ledger.Reason("FRA", Declaration(2027)), "YEAR_IN_FUTURE");
  ledger.SetTime("2027-01-01T00:00:00Z");
  EXPECT_EQ(ledger.Reason("FRA", Declaration(2027)), "");
}

TEST(AnnualDeclaration, IsOnePerAuthorAndYearUntilItIsWithdrawn) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Declaration(2025));
  EXPECT_EQ(DeclarationOf(ledger.state(), Code("FRA"), 2025), first);
  EXPECT_EQ(ledger.Reason("NOR", Declaration(2025)), "");
  EXPECT_EQ(ledger.Reason("FRA", Declaration(2025)), "ALREADY_DECLARED");
  ledger.MustFile("FRA", WithdrawalOf(first));
  EXPECT_EQ(DeclarationOf(ledger.state(), Code("FRA"), 2025), std::nullopt);
  const EntryIndex second = ledger.MustFile("FRA", Declaration(2025));
  EXPECT_EQ(DeclarationOf(ledger.state(), Code("FRA"), 2025), second);
}

TEST(AnnualDeclaration, AmendmentTakesItsPlace) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Declaration(2025));
  const EntryIndex second = ledger.MustFile("FRA", Amending(FullDeclaration(2025), first));
  EXPECT_EQ(DeclarationOf(ledger.state(), Code("FRA"), 2025), second);
  EXPECT_EQ(RecordAt(ledger.state(), first)->standing, Standing::kAmended);
  EXPECT_EQ(ledger.Reason("FRA", Declaration(2025)), "ALREADY_DECLARED");
}

TEST(AnnualDeclaration, IsTimelyThroughTheSecondItIsDueAndByItsFirstFiling) {
  TestLedger ledger;
  ledger.SetTime("2027-03-31T23:59:59Z");
  const EntryIndex timely = ledger.MustFile("FRA", Declaration(2026));
  EXPECT_EQ(RecordAt(ledger.state(), timely)->timeliness, Timeliness::kTimely);
  ledger.Pass(Microseconds(1));
  const EntryIndex late = ledger.MustFile("NOR", Declaration(2026));
  EXPECT_EQ(RecordAt(ledger.state(), late)->timeliness, Timeliness::kLate);
  const EntryIndex amended = ledger.MustFile("FRA", Amending(Declaration(2026), timely));
  EXPECT_EQ(RecordAt(ledger.state(), amended)->timeliness, Timeliness::kTimely);
  EXPECT_EQ(RecordAt(ledger.state(), amended)->first_index, timely);
  EXPECT_EQ(RecordAt(ledger.state(), amended)->first_time, At("2027-03-31T23:59:59Z"));
}

TEST(AnnualDeclaration, OfAYearBeforeJoiningIsHistoric) {
  TestLedger ledger;
  const EntryIndex filed = ledger.MustFile("FRA", Declaration(2025));
  EXPECT_EQ(RecordAt(ledger.state(), filed)->timeliness, Timeliness::kHistoric);
}

TEST(AnnualDeclaration, NoChangeMayReferToNoChange) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2023));
  const EntryIndex unchanged = ledger.MustFile("FRA", SpaceUnchanged(2024, full));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "");
}

TEST(AnnualDeclaration, NoChangeGivesCountsAnew) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", WithLaunches(FullDeclaration(2024), "SLV_A", 3));
  EXPECT_EQ(ledger.Reason("FRA", WithLaunches(SpaceUnchanged(2025, full), "SLV_B", 1)), "");
}

TEST(AnnualDeclaration, AmendmentMayKeepThePolicyOfWhatItAmends) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2025));
  const EntryIndex recounted =
      ledger.MustFile("FRA", Amending(WithLaunches(SpaceUnchanged(2025, full), "SLV_A", 2), full));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2026, recounted)), "");
}

TEST(AnnualDeclaration, NoChangeIsRefusedOnceTheChainOfItsTextIsWithdrawn) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2023));
  const EntryIndex unchanged = ledger.MustFile("FRA", SpaceUnchanged(2024, full));
  const EntryIndex amended = ledger.MustFile("FRA", Amending(FullDeclaration(2023), full));
  ledger.MustFile("FRA", WithdrawalOf(amended));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "FULL_RETRACTED");
}

TEST(AnnualDeclaration, NoChangeIsRefusedOnceItsTextIsAmendedAway) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2023));
  const EntryIndex unchanged = ledger.MustFile("FRA", SpaceUnchanged(2024, full));
  const EntryIndex nil = ledger.MustFile("FRA", Amending(Declaration(2023), full));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "FULL_RETRACTED");
  // The chain gives the part anew.
  ledger.MustFile("FRA", Amending(FullDeclaration(2023), nil));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "");
}

TEST(AnnualDeclaration, NoChangeIsRefusedOnceItsTextRestsOnAnother) {
  TestLedger ledger;
  const EntryIndex oldest = ledger.MustFile("FRA", FullDeclaration(2022));
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2023));
  const EntryIndex unchanged = ledger.MustFile("FRA", SpaceUnchanged(2024, full));
  ledger.MustFile("FRA", Amending(SpaceUnchanged(2023, oldest), full));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "FULL_RETRACTED");
}

TEST(AnnualDeclaration, NoChangeHoldsWhileItsTextIsOnlyRecounted) {
  TestLedger ledger;
  const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2023));
  const EntryIndex unchanged = ledger.MustFile("FRA", SpaceUnchanged(2024, full));
  const EntryIndex recounted =
      ledger.MustFile("FRA", Amending(WithLaunches(SpaceUnchanged(2023, full), "SLV_A", 1), full));
  ledger.MustFile("FRA",
                  Amending(WithLaunches(SpaceUnchanged(2023, recounted), "SLV_A", 2), recounted));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, unchanged)), "");
}

TEST(AnnualDeclaration, NoChangeLooksBack) {
  TestLedger ledger;
  const EntryIndex later = ledger.MustFile("FRA", FullDeclaration(2025));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2024, later)), "DECLARATION_LATER");
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2026, later)), "");
}

TEST(AnnualDeclaration, NoChangeRefersToADeclarationAndNoOtherRecord) {
  TestLedger ledger;
  const EntryIndex notification = ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, notification)), "DECLARATION_UNKNOWN");
}

TEST(AnnualDeclaration, PartOfTheOtherKindDoesNotHelpNoChange) {
  TestLedger ledger;
  v1::Body body = FullDeclaration(2024);
  *body.mutable_annual_declaration()->mutable_space_launch() = v1::DeclarationPart();
  Space(body).set_form(v1::NIL);
  const EntryIndex missiles_only = ledger.MustFile("FRA", body);
  EXPECT_EQ(ledger.Reason("FRA", SpaceUnchanged(2025, missiles_only)), "NOTHING_UNCHANGED");
}

TEST(AnnualDeclaration, LimitsAreInclusive) {
  TestLedger ledger;
  v1::Body body = FullDeclaration(2025);
  Space(body).set_policy_outline(std::string(16'384, 'x'));
  Space(body).set_observer_policy(std::string(16'384, 'y'));
  while (Space(body).sites_size() < 64) *Space(body).add_sites() = Space(body).sites(0);
  v1::Body too_long = body;
  Space(too_long).mutable_observer_policy()->push_back('y');
  EXPECT_EQ(ledger.Reason("FRA", too_long), "OBSERVER_POLICY_INVALID");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(AnnualDeclaration, BothPartsAreCheckedAndCounted) {
  TestLedger ledger;
  v1::Body body = FullDeclaration(2026);
  v1::ClassCount& launches =
      *body.mutable_annual_declaration()->mutable_ballistic_missiles()->add_launches();
  launches.set_class_id("SLV_A");
  launches.set_count(1);
  EXPECT_EQ(ledger.Reason("FRA", body), "CLASS_WRONG_KIND");
  launches.set_class_id("BM_A");
  EXPECT_TRUE(RecordAt(ledger.state(), ledger.MustFile("FRA", body))->counts_differ);
}

TEST(AnnualDeclaration, CountsThatDifferFromTheNotifiedLaunchesAreFlagged) {
  TestLedger ledger;
  v1::Body two = Notification("A-1");
  two.mutable_launch_notification()->set_count(2);
  const EntryIndex launch = ledger.MustFile("FRA", two);
  const auto flagged = [&](EntryIndex index) {
    return RecordAt(ledger.state(), index)->counts_differ;
  };

  const EntryIndex equal = ledger.MustFile("FRA", WithLaunches(FullDeclaration(2026), "SLV_A", 2));
  EXPECT_FALSE(flagged(equal));
  const EntryIndex fewer =
      ledger.MustFile("FRA", Amending(WithLaunches(FullDeclaration(2026), "SLV_A", 1), equal));
  EXPECT_TRUE(flagged(fewer));
  const EntryIndex other_class =
      ledger.MustFile("FRA", Amending(WithLaunches(FullDeclaration(2026), "SLV_B", 2), fewer));
  EXPECT_TRUE(flagged(other_class));
  const EntryIndex nil = ledger.MustFile("FRA", Amending(Declaration(2026), other_class));
  EXPECT_TRUE(flagged(nil));

  ledger.MustFile("FRA", WithdrawalOf(launch));
  EXPECT_TRUE(flagged(nil)) << "judged when it was filed, not again";
  EXPECT_FALSE(flagged(ledger.MustFile("FRA", Amending(Declaration(2026), nil))));
}

}  // namespace
}  // namespace assent::rules
