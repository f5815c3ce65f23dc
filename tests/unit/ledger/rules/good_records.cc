#include "tests/unit/ledger/rules/good_records.h"

#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"

namespace assent::rules {
namespace {

constexpr std::string_view kText = "The second text.\n";

EntryIndex Offered(TestLedger& ledger) {
  return ledger.MustFile("FRA", OfferTo("NOR", ledger.MustFile("NOR", PledgeBy("2030-01-01"))));
}

EntryIndex Opened(TestLedger& ledger) { return ledger.MustFile("FRA", Proposing(0, kText)); }

v1::Body BegunConference(const TestLedger& ledger) {
  v1::Body body = ConferenceWith({"NOR", "MEX"});
  body.mutable_conference()->set_from_us((ledger.now() - Hours(1)).us);
  return body;
}

std::vector<GoodRecord> Launches() {
  return {
      {"AnnualDeclaration", "FRA", [](TestLedger&) { return FullDeclaration(2025); }},
      {"LaunchNotification", "FRA", [](TestLedger&) { return Notification("A-1"); }},
      {"LaunchReport", "FRA",
       [](TestLedger& ledger) { return Report(ledger.MustFile("FRA", Notification("A-1"))); }},
      {"Withdrawal", "FRA",
       [](TestLedger& ledger) { return WithdrawalOf(ledger.MustFile("FRA", Declaration(2025))); }},
      {"LaunchCancellation", "FRA",
       [](TestLedger& ledger) {
         return CancellationOf(ledger.MustFile("FRA", Notification("A-1")));
       }},
  };
}

EntryIndex Asked(TestLedger& ledger) {
  return ledger.MustFile("FRA", QuestionAbout(ledger.MustFile("NOR", Notification("A-1"))));
}

std::vector<GoodRecord> Statements() {
  return {
      {"Exemption", "FRA", [](TestLedger&) { return ExemptionFor("2026-02-01", "2026-03-01"); }},
      {"ObservedLaunch", "FRA", [](TestLedger&) { return ObservationOf("NOR"); }},
      {"ObservedLaunchAnswer", "NOR",
       [](TestLedger& ledger) { return ContestOf(ledger.MustFile("FRA", ObservationOf("NOR"))); }},
      {"ClarificationRequest", "FRA",
       [](TestLedger& ledger) {
         return QuestionAbout(ledger.MustFile("NOR", Notification("A-1")));
       }},
      {"ClarificationReply", "NOR", [](TestLedger& ledger) { return ReplyTo(Asked(ledger)); }},
      {"ClarificationClose", "FRA", [](TestLedger& ledger) { return CloseOf(Asked(ledger)); }},
  };
}

std::vector<GoodRecord> Revision() {
  return {
      {"RevisionOpen", "FRA", [](TestLedger&) { return Proposing(0, kText); }},
      {"RevisionSign", "NOR", [](TestLedger& ledger) { return SignRound(Opened(ledger), kText); }},
      {"RevisionObject", "NOR", [](TestLedger& ledger) { return ObjectTo(Opened(ledger)); }},
      {"RevisionWithdraw", "FRA", [](TestLedger& ledger) { return TakeBack(Opened(ledger)); }},
      {"RevisionDraft", "FRA", [](TestLedger&) { return Drafting(); }},
      {"RevisionCirculate", "NOR",
       [](TestLedger& ledger) {
         AppointChair(ledger);
         return Circulating(ledger.MustFile("FRA", Drafting()));
       }},
      {"RevisionReceipt", "DEU",
       [](TestLedger& ledger) { return DraftReceived(CirculatedDraft(ledger)); }},
      {"RevisionComment", "DEU",
       [](TestLedger& ledger) { return CommentOn(CirculatedDraft(ledger)); }},
      {"RevisionSummary", "NOR",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         ledger.SetTime(ledger.now() + ledger.act().text.parameters.comment_period + Seconds(1));
         return SummingUp(draft);
       }},
      {"RevisionPresent", "NOR",
       [](TestLedger& ledger) {
         AppointChair(ledger);
         return Presenting(FinalRound(ledger, kText), kText);
       }},
  };
}

std::vector<GoodRecord> Cooperation() {
  return {
      {"Pledge", "NOR", [](TestLedger&) { return PledgeBy("2030-01-01"); }},
      {"IncentiveOffer", "FRA",
       [](TestLedger& ledger) {
         return OfferTo("NOR", ledger.MustFile("NOR", PledgeBy("2030-01-01")));
       }},
      {"IncentiveAnswer", "NOR",
       [](TestLedger& ledger) { return AnswerTo(Offered(ledger), v1::ACCEPT); }},
      {"IncentiveUpdate", "FRA",
       [](TestLedger& ledger) {
         const EntryIndex offer = Offered(ledger);
         ledger.MustFile("NOR", AnswerTo(offer, v1::ACCEPT));
         return Ending(offer, v1::DELIVERED);
       }},
      {"AssistanceNotice", "FRA", [](TestLedger&) { return AssistanceTo("IDN"); }},
      {"ObserverInvitation", "FRA",
       [](TestLedger&) {
         return InvitingObservers({"NOR", "DEU"}, 4);
       }},
      {"ObserverInvitationAnswer", "NOR",
       [](TestLedger& ledger) {
         return ObserversCome(ledger.MustFile("FRA", InvitingObservers({"NOR"}, 4)), 2);
       }},
      {"Conference", "FRA",
       [](TestLedger&) {
         return ConferenceWith({"NOR", "MEX"});
       }},
      {"ConferenceAnswer", "DEU",
       [](TestLedger& ledger) {
         return ConferenceAnswerOf("MEX", ledger.MustFile("FRA", BegunConference(ledger)),
                                   v1::ACCEPT);
       }},
      {"ConferenceAttendance", "FRA",
       [](TestLedger& ledger) {
         return AttendanceOf(ledger.MustFile("FRA", BegunConference(ledger)), {"MEX"});
       }},
  };
}

v1::Body TwoReleasers() { return NamingReleasers("FRA", {"Head", "Deputy"}); }

v1::Body Term() { return TermOf("NOR", "2026-02-01", "2026-03-01"); }

std::vector<GoodRecord> Membership() {
  return {
      {"Endorsement", "NOR",
       [](TestLedger& ledger) { return EndorsementOf(ledger.MustFile("FRA", Term())); }},
      {"SubscriptionInvitation", "FRA", [](TestLedger&) { return Inviting("SWE"); }},
      {"SubscriptionDecline", "FRA",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", Inviting("SWE"));
         return DeclineOf("SWE");
       }},
      {"SubscriptionNote", "FRA", [](TestLedger&) { return NoteOf("SWE"); }},
      {"MembershipWithdrawal", "NOR", [](TestLedger&) { return Leaving(); }},
      {"NodeKeys", "NOR", [](TestLedger&) { return NodeKeysOf("NOR", "NOR/2"); }},
      {"VotingStatus", "NOR", [](TestLedger&) { return StepBack(); }},
      {"VoteSuspension", "FRA", [](TestLedger&) { return SuspensionOf("NOR"); }},
      {"ChairTerm", "FRA", [](TestLedger&) { return Term(); }},
      {"AuthorityKeyRotation", "DEU", [](TestLedger&) { return RotationTo("DEU", "DEU/second"); }},
      {"AuthorityKeyRevocation", "DEU", [](TestLedger&) { return Revoking(); }},
      {"AuthorityKeyReplacement", "NOR",
       [](TestLedger&) { return ReplacementOf("FRA", "FRA/second"); }},
      {"KeyReplacementRefusal", "FRA",
       [](TestLedger& ledger) {
         Decide(ledger, ReplacementOf("FRA", "FRA/second"));
         return RefusingReplacement();
       }},
      {"ContactUpdate", "FRA", [](TestLedger&) { return NewContact(); }},
      {"Releasers", "FRA", [](TestLedger&) { return TwoReleasers(); }},
      {"InspectorAccreditation", "FRA", [](TestLedger&) { return Accrediting("A"); }},
      {"InspectorAccreditationEnd", "FRA",
       [](TestLedger& ledger) { return EndOf(ledger.MustFile("FRA", Accrediting("A"))); }},
  };
}

}  // namespace

std::vector<GoodRecord> GoodRecords() {
  std::vector<GoodRecord> all = Launches();
  for (const auto& part : {Statements(), Revision(), Cooperation(), Membership()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Life Live(const GoodRecord& record, TestLedger& ledger) {
  const v1::Body body = record.prepare(ledger);
  Life life;
  life.filed = ledger.MustFile(record.author, body);
  if (!IsAmendable(record.type)) return life;
  life.amended = ledger.MustFile(record.author, Amending(body, life.filed));
  v1::Body withdrawal = WithdrawalOf(*life.amended);
  withdrawal.set_visibility(body.visibility());
  life.withdrawn = ledger.MustFile(record.author, withdrawal);
  return life;
}

}  // namespace assent::rules
