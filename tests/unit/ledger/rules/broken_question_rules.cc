// Each rule of endorsements and of terms of the chair broken once.
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

v1::Body Term() { return TermOf("NOR", "2026-02-01", "2027-02-01"); }

BrokenRule SpoiledTerm(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"ChairTerm", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Term();
            change(body);
            return ledger.File("FRA", body);
          }};
}

// An endorsement of a question on a term.
BrokenRule SpoiledEndorsement(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"Endorsement", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = EndorsementOf(ledger.MustFile("FRA", Term()));
            change(body);
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenQuestions() {
  return {
      SpoiledTerm("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledTerm("CHAIR_UNKNOWN", [](auto& body) { body.mutable_chair_term()->set_chair("SWE"); }),
      SpoiledTerm(
          "TERM_INVALID",
          [](auto& body) { body.mutable_chair_term()->set_until_us(body.chair_term().from_us()); }),
      SpoiledTerm("TERM_PASSED",
                  [](auto& body) {
                    body.mutable_chair_term()->set_from_us(At("2026-01-01T00:59:59Z").us);
                  }),
      {"ChairTerm", "TERM_OVERLAPS",
       [](TestLedger& ledger) {
         Decide(ledger, Term());
         return ledger.File("FRA", TermOf("DEU", "2027-01-31", "2028-01-01"));
       }},
      SpoiledEndorsement("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledEndorsement("QUESTION_MISSING",
                         [](auto& body) { body.mutable_endorsement()->clear_question(); }),
      {"Endorsement", "QUESTION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("NOR", EndorsementOf(ledger.MustFile("FRA", Notification("A-1"))));
       }},
      {"Endorsement", "QUESTION_DECIDED",
       [](TestLedger& ledger) {
         return ledger.File("NOR", EndorsementOf(Decide(ledger, Term())));
       }},
      {"Endorsement", "QUESTION_EXPIRED",
       [](TestLedger& ledger) {
         const EntryIndex question = ledger.MustFile("FRA", NoteOf("SWE"));
         ledger.Pass(Days(90));
         ledger.Pass(Microseconds(1));
         return ledger.File("NOR", EndorsementOf(question));
       }},
      {"Endorsement", "QUESTION_MOOT",
       [](TestLedger& ledger) {
         const EntryIndex question = ledger.MustFile("FRA", Term());
         Decide(ledger, TermOf("DEU", "2026-02-01", "2026-03-01"));
         return ledger.File("NOR", EndorsementOf(question));
       }},
      {"Endorsement", "ALREADY_ENDORSED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", EndorsementOf(ledger.MustFile("FRA", Term())));
       }},
  };
}

const AddBrokenRules question_rules(BrokenQuestions);

}  // namespace
}  // namespace assent::rules
