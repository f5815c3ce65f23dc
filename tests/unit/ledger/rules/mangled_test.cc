// Bodies that nobody would write: each is accepted, or refused by a rule that is listed for its
// record or for entries. Which of them it is does not matter here; that nothing crashes and nothing
// else is said does.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr int kRounds = 100;

std::vector<v1::Body> GoodBodies() {
  v1::Body polygon = Notification("A-2");
  for (int i = 0; i < 5; ++i) {
    auto& point =
        *polygon.mutable_launch_notification()->mutable_area()->mutable_polygon()->add_points();
    point.set_latitude_udeg(i * 1'000'000);
    point.set_longitude_udeg(179'000'000 + i);
  }
  return {Notification("A-1"),
          polygon,
          Declaration(2025),
          FullDeclaration(2024),
          Report(EntryIndex(0)),
          WithdrawalOf(EntryIndex(0)),
          CancellationOf(EntryIndex(0)),
          ExemptionFor("2026-02-01", "2026-03-01"),
          ObservationOf("NOR"),
          ConfirmationOf(EntryIndex(8)),
          QuestionAbout(EntryIndex(3)),
          ReplyTo(EntryIndex(9)),
          CloseOf(EntryIndex(10)),
          PledgeBy("2030-01-01"),
          OfferTo("NOR", EntryIndex(3)),
          AnswerTo(EntryIndex(5), v1::ACCEPT),
          Ending(EntryIndex(0), v1::RESCINDED),
          AssistanceTo("IDN"),
          InvitingObservers({"NOR", "DEU"}, 4),
          ObserversCome(EntryIndex(6), 1),
          ConferenceWith({"NOR", "MEX"}),
          ConferenceAnswerOf("MEX", EntryIndex(7), v1::ACCEPT),
          AttendanceOf(EntryIndex(7), {"MEX"}),
          Accrediting("A"),
          EndOf(EntryIndex(11)),
          Proposing(0, "New.\n"),
          SignRound(EntryIndex(1), "Newer.\n"),
          ObjectTo(EntryIndex(1)),
          TakeBack(EntryIndex(1)),
          Amending(Notification("A-0"), EntryIndex(0)),
          EndorsementOf(EntryIndex(2)),
          Inviting("SWE"),
          DeclineOf("ITA"),
          NoteOf("SWE"),
          Leaving(),
          NodeKeysOf("FRA", "FRA/2"),
          StepBack(),
          SuspensionOf("NOR"),
          RotationTo("FRA", "FRA/second"),
          Revoking(),
          ReplacementOf("NOR", "NOR/second"),
          RefusingReplacement(),
          NewContact(),
          NamingReleasers("FRA", {"Head", "Deputy"}),
          ReleasedBy(TestLedger(), "FRA", "Head", Notification("A-3")),
          TermOf("NOR", "2026-02-01", "2027-02-01")};
}

TEST(Apply, AnswersMangledBodiesByItsListedRules) {
  std::map<std::string, std::set<std::string>> listed;
  for (const RecordRules& record : AllRules()) {
    for (const Rule& rule : record.rules) listed[std::string(record.record)].emplace(rule.reason);
  }
  TestLedger ledger;
  ledger.MustFile("FRA", Notification("A-0"));
  ledger.MustFile("FRA", Proposing(0, "Newer.\n"));
  ledger.MustFile("NOR", TermOf("FRA", "2026-02-01", "2027-02-01"));
  ledger.MustFile("NOR", PledgeBy("2030-01-01"));
  const EntryIndex pledge = ledger.MustFile("FRA", PledgeBy("2030-01-01"));
  ledger.MustFile("NOR", OfferTo("FRA", pledge));
  ledger.MustFile("NOR", InvitingObservers({"FRA"}, 4));
  ledger.MustFile("NOR", ConferenceWith({"FRA", "MEX"}));
  ledger.MustFile("NOR", ObservationOf("FRA"));
  ledger.MustFile("NOR", QuestionAbout(EntryIndex(0)));
  ledger.MustFile("FRA", QuestionAbout(EntryIndex(3)));
  ledger.MustFile("FRA", Accrediting("B"));
  std::mt19937 random(20020205);
  const auto below = [&](std::size_t n) { return random() % n; };
  std::set<std::string> seen;
  for (int round = 0; round < kRounds; ++round) {
    for (const v1::Body& good : GoodBodies()) {
      std::string body = good.SerializeAsString();
      for (std::size_t i = 0, flips = 1 + below(3); i < flips; ++i) {
        body[below(body.size())] = static_cast<char>(below(3) == 0 ? below(256) : below(12));
      }
      const Entry entry = ledger.Sign(ledger.NextHeader("FRA"), body);
      StateOverlay overlay(&ledger.state());
      const auto refusal = Apply(
          entry, {EntryIndex(ledger.size()), Height(ledger.size() + 1), ledger.now()}, overlay);
      EXPECT_EQ(refusal.has_value(), overlay.writes().empty());
      if (!refusal) continue;
      seen.insert(refusal->reason);
      if (listed["Entry"].contains(refusal->reason)) continue;
      const auto description = Describe(entry);
      ASSERT_TRUE(description) << refusal->reason;
      EXPECT_TRUE(listed[description->type].contains(refusal->reason))
          << description->type << " " << refusal->reason;
    }
  }
  EXPECT_GT(seen.size(), 20u) << "the mangling reaches too few rules";
}

}  // namespace
}  // namespace assent::rules
