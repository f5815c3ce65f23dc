// Each rule of observer invitations, and of answers to them, broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledInvitation(std::string_view reason,
                             std::function<void(v1::ObserverInvitation&)> change) {
  return {"ObserverInvitation", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = InvitingObservers({"NOR", "DEU"}, 4);
            change(*body.mutable_observer_invitation());
            return ledger.File("FRA", body);
          }};
}

// An invitation of FRA to NOR, with 4 places.
EntryIndex InvitedToObserve(TestLedger& ledger) {
  return ledger.MustFile("FRA", InvitingObservers({"NOR"}, 4));
}

// NOR answers it, but with this changed.
BrokenRule SpoiledAnswer(std::string_view reason,
                         std::function<void(v1::ObserverInvitationAnswer&)> change) {
  return {"ObserverInvitationAnswer", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ObserversCome(InvitedToObserve(ledger), 2);
            change(*body.mutable_observer_invitation_answer());
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenObserverRules() {
  return {
      SpoiledInvitation("SITE_NAME_INVALID",
                        [](v1::ObserverInvitation& said) { said.mutable_site()->clear_name(); }),
      SpoiledInvitation(
          "COORDINATES_INVALID",
          [](v1::ObserverInvitation& said) { said.mutable_site()->clear_location(); }),
      SpoiledInvitation("DATES_INVALID",
                        [](v1::ObserverInvitation& said) { said.set_until_us(said.from_us()); }),
      SpoiledInvitation("DATES_PASSED",
                        [](v1::ObserverInvitation& said) {
                          said.set_from_us(At("2025-12-01").us);
                          said.set_until_us(At("2026-01-01T01:00:00Z").us);
                        }),
      SpoiledInvitation("ACCESS_INVALID",
                        [](v1::ObserverInvitation& said) { said.clear_access(); }),
      SpoiledInvitation("PLACES_OUT_OF_RANGE",
                        [](v1::ObserverInvitation& said) { said.set_places(1'001); }),
      {"ObserverInvitation", "PLACES_TAKEN",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToObserve(ledger);
         ledger.MustFile("NOR", ObserversCome(first, 3));
         return ledger.File("FRA", Amending(InvitingObservers({"NOR"}, 2), first));
       }},
      SpoiledInvitation("INVITED_UNKNOWN",
                        [](v1::ObserverInvitation& said) { said.add_invited("ZZZ"); }),
      SpoiledInvitation("INVITED_COUNT",
                        [](v1::ObserverInvitation& said) { said.clear_invited(); }),
      SpoiledInvitation("INVITED_TWICE",
                        [](v1::ObserverInvitation& said) { said.add_invited("NOR"); }),
      SpoiledInvitation("HOST_INVITED",
                        [](v1::ObserverInvitation& said) { said.add_invited("FRA"); }),
      {"ObserverInvitation", "ACCEPTED_DROPPED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToObserve(ledger);
         ledger.MustFile("NOR", ObserversCome(first, 3));
         return ledger.File("FRA", Amending(InvitingObservers({"DEU"}, 4), first));
       }},
  };
}

std::vector<BrokenRule> BrokenObserverAnswerRules() {
  return {
      SpoiledAnswer("ANSWER_INVALID",
                    [](v1::ObserverInvitationAnswer& said) { said.clear_answer(); }),
      SpoiledAnswer("INVITATION_MISSING",
                    [](v1::ObserverInvitationAnswer& said) { said.clear_invitation(); }),
      SpoiledAnswer("INVITATION_UNKNOWN",
                    [](v1::ObserverInvitationAnswer& said) { said.set_invitation(100); }),
      {"ObserverInvitationAnswer", "INVITATION_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToObserve(ledger);
         ledger.MustFile("FRA", Amending(InvitingObservers({"NOR"}, 5), first));
         return ledger.File("NOR", ObserversCome(first, 2));
       }},
      {"ObserverInvitationAnswer", "INVITATION_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToObserve(ledger);
         ledger.MustFile("FRA", WithdrawalOf(first));
         return ledger.File("NOR", ObserversCome(first, 2));
       }},
      {"ObserverInvitationAnswer", "INVITATION_OVER",
       [](TestLedger& ledger) {
         v1::Body body = InvitingObservers({"NOR"}, 4);
         body.mutable_observer_invitation()->set_from_us((ledger.now() - Hours(1)).us);
         body.mutable_observer_invitation()->set_until_us((ledger.now() + Seconds(5)).us);
         const EntryIndex invitation = ledger.MustFile("FRA", body);
         ledger.Pass(Seconds(6));
         return ledger.File("NOR", ObserversCome(invitation, 2));
       }},
      {"ObserverInvitationAnswer", "NOT_INVITED",
       [](TestLedger& ledger) {
         return ledger.File("DEU", ObserversCome(InvitedToObserve(ledger), 2));
       }},
      {"ObserverInvitationAnswer", "MEMBERS_ONLY",
       [](TestLedger& ledger) {
         v1::Body body = ObserversCome(InvitedToObserve(ledger), 2);
         body.set_visibility(v1::PUBLIC);
         return ledger.File("NOR", body);
       }},
      {"ObserverInvitationAnswer", "ANSWER_MOVED",
       [](TestLedger& ledger) {
         const EntryIndex answer =
             ledger.MustFile("NOR", ObserversCome(InvitedToObserve(ledger), 2));
         return ledger.File("NOR", Amending(ObserversCome(InvitedToObserve(ledger), 2), answer));
       }},
      {"ObserverInvitationAnswer", "ALREADY_ANSWERED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToObserve(ledger);
         ledger.MustFile("NOR", ObserversCome(first, 1));
         return ledger.File("NOR", ObserversCome(first, 2));
       }},
      SpoiledAnswer("PLACES_MISSING",
                    [](v1::ObserverInvitationAnswer& said) { said.clear_places(); }),
      SpoiledAnswer("PLACES_MISPLACED",
                    [](v1::ObserverInvitationAnswer& said) { said.set_answer(v1::DECLINE); }),
      SpoiledAnswer("PLACES_TAKEN", [](v1::ObserverInvitationAnswer& said) { said.set_places(5); }),
  };
}

const AddBrokenRules observer_invitations(BrokenObserverRules);
const AddBrokenRules observer_answers(BrokenObserverAnswerRules);

}  // namespace
}  // namespace assent::rules
