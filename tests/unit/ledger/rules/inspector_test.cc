// Inspectors' keys from their accreditation to its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/rules/inspectors.h"
#include "ledger/rules/keys.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::Body InTerm(v1::Body body, std::string_view from, std::string_view until) {
  body.mutable_inspector_accreditation()->set_from_us(At(from).us);
  body.mutable_inspector_accreditation()->set_until_us(At(until).us);
  return body;
}

std::vector<EntryIndex> InForce(const TestLedger& ledger, std::string_view holder) {
  std::vector<EntryIndex> indices;
  for (const auto& view : AccreditationsInForce(ledger.state(), KeyOf(holder), ledger.now())) {
    indices.push_back(view.index);
  }
  return indices;
}

AccreditationStanding StandingOf(const TestLedger& ledger, EntryIndex index) {
  return AccreditationAt(ledger.state(), index, ledger.now())->standing;
}

std::vector<EntryIndex> Listed(const TestLedger& ledger, bool only_public,
                               EntryIndex from = EntryIndex(0)) {
  std::vector<EntryIndex> indices;
  ScanAccreditations(ledger.state(), from, only_public, [&](EntryIndex index) {
    indices.push_back(index);
    return true;
  });
  return indices;
}

TEST(Inspector, ReadsFromTheFirstInstantOfTheTermToTheLast) {
  TestLedger ledger;
  const EntryIndex given =
      ledger.MustFile("FRA", InTerm(Accrediting("A"), "2026-02-01", "2026-03-01"));
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kAhead);
  ledger.SetTime("2026-01-31T23:59:59.999999Z");
  EXPECT_THAT(InForce(ledger, "A"), IsEmpty());
  ledger.SetTime("2026-02-01T00:00:00Z");
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(given));
  EXPECT_THAT(InForce(ledger, "B"), IsEmpty());
  ledger.SetTime("2026-02-28T23:59:59.999999Z");
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kInForce);
  ledger.SetTime("2026-03-01T00:00:00Z");
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kExpired);
  EXPECT_THAT(InForce(ledger, "A"), IsEmpty());
}

TEST(Inspector, IsShownAsItWasFiled) {
  TestLedger ledger;
  v1::Body body = Public(Accrediting("A"));
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_all_bodies(false);
  said.add_authors("NOR");
  said.add_types("LaunchReport");
  const EntryIndex given = ledger.MustFile("FRA", body);
  const AccreditationView view = *AccreditationAt(ledger.state(), given, ledger.now());
  EXPECT_EQ(view.index, given);
  EXPECT_EQ(view.member, Code("FRA"));
  EXPECT_EQ(view.key, KeyOf("A"));
  EXPECT_EQ(view.name, "A");
  EXPECT_EQ(view.from, At("2026-01-01"));
  EXPECT_EQ(view.until, At("2027-01-01"));
  EXPECT_THAT(view.scope.authors, ElementsAre(Code("NOR")));
  EXPECT_THAT(view.scope.types, ElementsAre("LaunchReport"));
  EXPECT_EQ(view.audience, Audience::kPublic);
  EXPECT_EQ(view.ended_by, std::nullopt);
}

TEST(Inspector, ScopeCoversWhatItNames) {
  const InspectionScope all{.all_bodies = true, .authors = {}, .types = {}};
  EXPECT_TRUE(all.Covers(Code("FRA"), "Pledge"));
  const InspectionScope states{.all_bodies = false, .authors = {Code("FRA")}, .types = {}};
  EXPECT_TRUE(states.Covers(Code("FRA"), "Pledge"));
  EXPECT_FALSE(states.Covers(Code("NOR"), "Pledge"));
  const InspectionScope types{.all_bodies = false, .authors = {}, .types = {"Pledge"}};
  EXPECT_TRUE(types.Covers(Code("NOR"), "Pledge"));
  EXPECT_FALSE(types.Covers(Code("NOR"), "LaunchReport"));
  const InspectionScope both{
      .all_bodies = false, .authors = {Code("FRA"), Code("DEU")}, .types = {"Pledge"}};
  EXPECT_TRUE(both.Covers(Code("DEU"), "Pledge"));
  EXPECT_FALSE(both.Covers(Code("DEU"), "LaunchReport"));
  EXPECT_FALSE(both.Covers(Code("NOR"), "Pledge"));
  EXPECT_FALSE(InspectionScope().Covers(Code("FRA"), "Pledge"));
}

TEST(Inspector, IsAccreditedByEachMemberForItself) {
  TestLedger ledger;
  const EntryIndex by_fra = ledger.MustFile("FRA", Accrediting("A"));
  const EntryIndex by_nor = ledger.MustFile("NOR", Accrediting("A"));
  const EntryIndex other = ledger.MustFile("NOR", Accrediting("B"));
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(by_fra, by_nor));
  EXPECT_THAT(KeysInForce(ledger.state(), ledger.now(), 10),
              UnorderedElementsAre(KeyOf("A"), KeyOf("B")));
  EXPECT_EQ(KeysInForce(ledger.state(), ledger.now(), 1).size(), 1u);
  EXPECT_EQ(ledger.Reason("DEU", EndOf(by_fra)), "ACCREDITATION_UNKNOWN");
  ledger.MustFile("FRA", EndOf(by_fra));
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(by_nor));
  ledger.MustFile("NOR", EndOf(by_nor));
  EXPECT_THAT(InForce(ledger, "A"), IsEmpty());
  EXPECT_THAT(KeysInForce(ledger.state(), ledger.now(), 10), ElementsAre(KeyOf("B")));
  EXPECT_THAT(InForce(ledger, "B"), ElementsAre(other));
}

// Judged by the membership at the height that is asked about.
TEST(Inspector, LapsesWithTheMembershipAndHadNotLapsedBefore) {
  TestLedger ledger;
  const EntryIndex given = ledger.MustFile("NOR", Accrediting("A"));
  const Time before = ledger.now();
  ledger.Pass(Days(1));
  ledger.MustFile("NOR", Leaving());
  const auto standing_at = [&](Time now, std::uint64_t tree_size) {
    return AccreditationAt(ledger.state(), given, now, tree_size)->standing;
  };
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kLapsed);
  EXPECT_EQ(standing_at(ledger.now(), 2), AccreditationStanding::kLapsed);
  EXPECT_EQ(standing_at(before, 1), AccreditationStanding::kInForce);
  const EntryIndex note = ledger.MustFile("FRA", NoteOf(StatementOf("NOR", "NOR/2"), "NOR/2"));
  ledger.MustFile("DEU", EndorsementOf(note));
  EXPECT_TRUE(MemberOf(ledger.state(), Code("NOR")));
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kLapsed) << "another membership";
  EXPECT_EQ(standing_at(before, 1), AccreditationStanding::kInForce);
}

TEST(Inspector, IsRenewedWithoutAGap) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Accrediting("A"));
  const EntryIndex second =
      ledger.MustFile("FRA", InTerm(Accrediting("A"), "2027-01-01", "2027-06-01"));
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(first));
  ledger.SetTime("2027-01-01T00:00:00Z");
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(second));
}

// Those that are over are forgotten where keys are looked up, and make room.
TEST(Inspector, ThatHasExpiredCanBeAccreditedAgain) {
  TestLedger ledger;
  for (int month = 1; month <= 6; ++month) {
    const std::string from = "2026-0" + std::to_string(month) + "-02";
    const std::string until = "2026-0" + std::to_string(month + 1) + "-01";
    ledger.SetTime(from);
    const EntryIndex given = ledger.MustFile("FRA", InTerm(Accrediting("A"), from, until));
    EXPECT_THAT(InForce(ledger, "A"), ElementsAre(given));
  }
  int found = 0;
  ledger.state().Scan(kInspectorPrefix, kInspectorPrefix, [&](auto, auto) { return ++found > 0; });
  EXPECT_EQ(found, 1);
  EXPECT_EQ(Listed(ledger, false).size(), 6u);
}

TEST(Inspector, EndIsKnownWithTheEntryThatBroughtIt) {
  TestLedger ledger;
  const EntryIndex given = ledger.MustFile("FRA", Accrediting("A"));
  ledger.Pass(Hours(1));
  const EntryIndex end = ledger.MustFile("FRA", EndOf(given));
  const AccreditationView after = *AccreditationAt(ledger.state(), given, ledger.now());
  EXPECT_EQ(after.standing, AccreditationStanding::kEnded);
  EXPECT_EQ(after.ended_by, end);
  EXPECT_EQ(after.ended, ledger.now());
  const AccreditationView before =
      *AccreditationAt(ledger.state(), given, ledger.now(), end.value());
  EXPECT_EQ(before.standing, AccreditationStanding::kInForce);
  EXPECT_EQ(before.ended_by, std::nullopt);
  EXPECT_EQ(before.ended, std::nullopt);
  EXPECT_FALSE(AccreditationAt(ledger.state(), given, ledger.now(), given.value()));
  EXPECT_FALSE(AccreditationAt(ledger.state(), end, ledger.now()));
}

TEST(Inspector, LapsesWhenItsMemberLeaves) {
  TestLedger ledger;
  const EntryIndex given = ledger.MustFile("FRA", Accrediting("A"));
  const EntryIndex other = ledger.MustFile("NOR", Accrediting("A"));
  ledger.Write({{MemberKey(Code("FRA")), std::nullopt}});
  EXPECT_EQ(StandingOf(ledger, given), AccreditationStanding::kLapsed);
  EXPECT_THAT(InForce(ledger, "A"), ElementsAre(other));
}

TEST(Inspector, ListsPublicOnesApart) {
  TestLedger ledger;
  const EntryIndex hidden = ledger.MustFile("FRA", Accrediting("A"));
  const EntryIndex open = ledger.MustFile("FRA", Public(Accrediting("B")));
  ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex later = ledger.MustFile("NOR", Public(Accrediting("A")));
  EXPECT_THAT(Listed(ledger, false), ElementsAre(hidden, open, later));
  EXPECT_THAT(Listed(ledger, true), ElementsAre(open, later));
  EXPECT_THAT(Listed(ledger, true, open.next()), ElementsAre(later));
  EXPECT_THAT(Listed(ledger, false, open), ElementsAre(open, later));
}

TEST(Inspector, AccreditationIsNeitherAmendedNorWithdrawn) {
  TestLedger ledger;
  const EntryIndex given = ledger.MustFile("FRA", Accrediting("A"));
  EXPECT_EQ(ledger.Reason("FRA", Amending(Accrediting("A"), given)), "NOT_AMENDABLE");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(given)), "TARGET_UNKNOWN");
}

TEST(Inspector, IsAnyKeyButThoseOfMembers) {
  TestLedger ledger;
  const Founder& founder = ledger.act().text.founders[1];
  for (const PublicKey& key : {founder.authority_key, founder.vote_key, founder.checkpoint_key,
                               founder.transport_key, founder.reader_key}) {
    v1::Body body = Accrediting("A");
    body.mutable_inspector_accreditation()->set_public_key(key.str());
    EXPECT_EQ(ledger.Reason("NOR", body), "KEY_IN_USE");
  }
}

// Under the key of small order that is all zero, anybody could show a signature.
TEST(Inspector, HasAValidKey) {
  TestLedger ledger;
  v1::Body body = Accrediting("A");
  body.mutable_inspector_accreditation()->set_public_key(PublicKey().str());
  EXPECT_EQ(ledger.Reason("NOR", body), "KEY_INVALID");
}

TEST(Inspector, TermMayEndAtTheVeryLimit) {
  TestLedger ledger;
  v1::Body body = Accrediting("A");
  body.mutable_inspector_accreditation()->set_until_us((ledger.now() + Days(731)).us);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(Inspector, WhoHasLeftCanBeInScope) {
  TestLedger ledger;
  ledger.MustFile("DEU", Notification("A-1"));
  ledger.Write({{MemberKey(Code("DEU")), std::nullopt}});
  v1::Body body = Accrediting("A");
  body.mutable_inspector_accreditation()->set_all_bodies(false);
  body.mutable_inspector_accreditation()->add_authors("DEU");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

}  // namespace
}  // namespace assent::rules
