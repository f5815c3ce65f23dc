// A number that is left out is not 0: where 0 would be right, leaving it out is refused all the
// same.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr std::string_view kText = "New.\n";

struct Omission {
  std::string number;
  std::string reason;
  v1::Body first;  // entry 0, of FRA
  v1::Body good;   // says 0
  std::function<void(v1::Body&)> omit;
  std::string author = "FRA";  // of `good`
};

v1::Body AtZero(v1::Body body) {
  auto& place = *body.mutable_launch_notification()->mutable_area()->mutable_site();
  place.mutable_location()->set_latitude_udeg(0);
  place.mutable_location()->set_longitude_udeg(0);
  return body;
}

v1::Body InSector(std::uint32_t from_deg, std::uint32_t to_deg) {
  v1::Body body = Notification("A-1");
  auto& sector = *body.mutable_launch_notification()->mutable_direction()->mutable_sector();
  sector.set_from_deg(from_deg);
  sector.set_to_deg(to_deg);
  return body;
}

v1::Coordinates& Location(v1::Body& body) {
  return *body.mutable_launch_notification()->mutable_area()->mutable_site()->mutable_location();
}

v1::Sector& SectorOf(v1::Body& body) {
  return *body.mutable_launch_notification()->mutable_direction()->mutable_sector();
}

std::vector<Omission> Omissions() {
  const EntryIndex zero(0);
  const v1::Body withdrawable = Notification("A-0");
  const v1::Body round = Proposing(0, kText);
  return {
      {"target", "TARGET_MISSING", withdrawable, WithdrawalOf(zero),
       [](v1::Body& b) { b.mutable_withdrawal()->clear_target(); }},
      {"cancelled", "NOTIFICATION_MISSING", withdrawable, CancellationOf(zero),
       [](v1::Body& b) { b.mutable_launch_cancellation()->clear_notification(); }},
      {"pledge", "PLEDGE_MISSING", PledgeBy("2030-01-01"), OfferTo("FRA", zero),
       [](v1::Body& b) { b.mutable_incentive_offer()->clear_pledge(); }, "NOR"},
      {"observer_invitation", "INVITATION_MISSING", InvitingObservers({"NOR"}, 4),
       ObserversCome(zero, 1),
       [](v1::Body& b) { b.mutable_observer_invitation_answer()->clear_invitation(); }, "NOR"},
      {"conference", "INVITATION_MISSING", ConferenceWith({"NOR"}),
       ConferenceAnswerOf("NOR", zero, v1::ACCEPT),
       [](v1::Body& b) { b.mutable_conference_answer()->clear_conference(); }, "NOR"},
      {"ended", "ACCREDITATION_MISSING", Accrediting("A"), EndOf(zero),
       [](v1::Body& b) { b.mutable_inspector_accreditation_end()->clear_accreditation(); }},
      {"signed_round", "ROUND_MISSING", round, SignRound(zero, kText),
       [](v1::Body& b) { b.mutable_revision_sign()->clear_round(); }},
      {"signed_replaces", "WRONG_REPLACES", round, SignRound(zero, kText),
       [](v1::Body& b) { b.mutable_revision_sign()->clear_replaces(); }},
      {"membership", "WRONG_MEMBERSHIP", round, SignRound(zero, kText),
       [](v1::Body& b) { b.mutable_revision_sign()->clear_membership(); }},
      {"objected_round", "ROUND_MISSING", round, ObjectTo(zero),
       [](v1::Body& b) { b.mutable_revision_object()->clear_round(); }},
      {"withdrawn_round", "ROUND_MISSING", round, TakeBack(zero),
       [](v1::Body& b) { b.mutable_revision_withdraw()->clear_round(); }},
      {"question", "QUESTION_MISSING", TermOf("NOR", "2026-02-01", "2027-02-01"),
       EndorsementOf(zero), [](v1::Body& b) { b.mutable_endorsement()->clear_question(); }, "NOR"},
      {"replaces", "REPLACES_NOT_IN_FORCE", withdrawable, Proposing(0, kText),
       [](v1::Body& b) { b.mutable_revision_open()->clear_replaces(); }},
      {"draft_replaces", "REPLACES_NOT_IN_FORCE", withdrawable, Drafting(),
       [](v1::Body& b) { b.mutable_revision_draft()->clear_replaces(); }},
      {"withdrawn_draft", "ROUND_MISSING", Drafting(), TakeBackDraft(zero),
       [](v1::Body& b) { b.mutable_revision_withdraw()->clear_draft(); }},
      {"latitude", "COORDINATES_INVALID", withdrawable, AtZero(Notification("A-1")),
       [](v1::Body& b) { Location(b).clear_latitude_udeg(); }},
      {"longitude", "COORDINATES_INVALID", withdrawable, AtZero(Notification("A-1")),
       [](v1::Body& b) { Location(b).clear_longitude_udeg(); }},
      {"sector_from", "SECTOR_INCOMPLETE", withdrawable, InSector(0, 90),
       [](v1::Body& b) { SectorOf(b).clear_from_deg(); }},
      {"sector_to", "SECTOR_INCOMPLETE", withdrawable, InSector(270, 0),
       [](v1::Body& b) { SectorOf(b).clear_to_deg(); }},
  };
}

class OmittedNumberTest : public testing::TestWithParam<Omission> {};

TEST_P(OmittedNumberTest, IsRefusedAndZeroIsTaken) {
  TestLedger ledger;
  ledger.MustFile("FRA", GetParam().first);
  v1::Body omitted = GetParam().good;
  GetParam().omit(omitted);
  EXPECT_EQ(ledger.Reason(GetParam().author, omitted), GetParam().reason);
  EXPECT_EQ(ledger.Reason(GetParam().author, GetParam().good), "");
}

INSTANTIATE_TEST_SUITE_P(Numbers, OmittedNumberTest, testing::ValuesIn(Omissions()),
                         [](const auto& test) { return test.param.number; });

// These cannot be 0, so that leaving them out needs no rule of its own.
TEST(OmittedNumber, ThatCannotBeZeroIsRefused) {
  TestLedger ledger;
  v1::Body window = Notification("A-1");
  window.mutable_launch_notification()->clear_window_start_us();
  window.mutable_launch_notification()->set_window_end_us(1);
  EXPECT_EQ(ledger.Reason("FRA", window), "WINDOW_INVALID");
  v1::Body count = Notification("A-1");
  count.mutable_launch_notification()->clear_count();
  EXPECT_EQ(ledger.Reason("FRA", count), "COUNT_OUT_OF_RANGE");
  v1::Body year = Declaration(2025);
  year.mutable_annual_declaration()->clear_year();
  EXPECT_EQ(ledger.Reason("FRA", year), "YEAR_TOO_EARLY");
  v1::Body issued = Notification("A-1");
  issued.clear_issued_at_us();
  EXPECT_EQ(ledger.Reason("FRA", issued), "ISSUED_AT_INVALID");
}

}  // namespace
}  // namespace assent::rules
