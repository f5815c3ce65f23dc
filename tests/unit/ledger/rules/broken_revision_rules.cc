// Each rule of the revision round broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr std::string_view kText = "The second text.\n";

EntryIndex Opened(TestLedger& ledger) { return ledger.MustFile("FRA", Proposing(0, kText)); }

BrokenRule SpoiledOpen(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"RevisionOpen", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Proposing(0, kText);
            change(body);
            return ledger.File("FRA", body);
          }};
}

BrokenRule SpoiledSign(std::string_view reason, std::function<void(v1::RevisionSign&)> change) {
  return {"RevisionSign", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = SignRound(Opened(ledger), kText);
            change(*body.mutable_revision_sign());
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenOpening() {
  return {
      SpoiledOpen("DRAFT_PUBLIC", [](v1::Body& body) { body.set_visibility(v1::PUBLIC); }),
      SpoiledOpen("TITLE_INVALID",
                  [](v1::Body& body) { body.mutable_revision_open()->clear_title(); }),
      SpoiledOpen(
          "TEXT_INVALID",
          [](v1::Body& body) { body.mutable_revision_open()->set_text(std::string(49'153, 'x')); }),
      SpoiledOpen("REPLACES_NOT_IN_FORCE",
                  [](v1::Body& body) { body.mutable_revision_open()->set_replaces(1); }),
      {"RevisionOpen", "TEXT_UNCHANGED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Proposing(0, ledger.act().text.code_text));
       }},
      {"RevisionOpen", "ANOTHER_ROUND_OPEN",
       [](TestLedger& ledger) {
         Opened(ledger);
         return ledger.File("NOR", Proposing(0, "Another text.\n"));
       }},
  };
}

std::vector<BrokenRule> BrokenSigning() {
  return {
      SpoiledSign("WRONG_TEXT", [](auto& said) { said.clear_text_hash(); }),
      SpoiledSign("WRONG_REPLACES", [](auto& said) { said.set_replaces(1); }),
      SpoiledSign("WRONG_MEMBERSHIP", [](auto& said) { said.set_membership(7); }),
      {"RevisionSign", "ALREADY_SIGNED",
       [](TestLedger& ledger) {
         const EntryIndex round = Opened(ledger);
         ledger.MustFile("NOR", SignRound(round, kText));
         return ledger.File("NOR", SignRound(round, kText));
       }},
  };
}

v1::Body WithoutRound(v1::Body body) {
  if (body.has_revision_sign()) body.mutable_revision_sign()->clear_round();
  if (body.has_revision_object()) body.mutable_revision_object()->clear_round();
  if (body.has_revision_withdraw()) body.mutable_revision_withdraw()->clear_round();
  return body;
}

// What touches a round that is over, by each way in which it can be.
std::vector<BrokenRule> BrokenByRoundsThatAreOver(std::string_view record,
                                                  v1::Body (*touch)(EntryIndex round)) {
  return {
      {record, "DRAFT_PUBLIC",
       [touch](TestLedger& ledger) {
         v1::Body body = touch(Opened(ledger));
         body.set_visibility(v1::PUBLIC);
         return ledger.File("FRA", body);
       }},
      {record, "ROUND_MISSING",
       [touch](TestLedger& ledger) {
         return ledger.File("FRA", WithoutRound(touch(Opened(ledger))));
       }},
      {record, "ROUND_UNKNOWN",
       [touch](TestLedger& ledger) {
         return ledger.File("FRA", touch(ledger.MustFile("FRA", Notification("A-1"))));
       }},
      {record, "ROUND_FINAL",
       [touch](TestLedger& ledger) {
         const EntryIndex round = Opened(ledger);
         for (const char* member : {"DEU", "FRA", "NOR"}) {
           ledger.MustFile(member, SignRound(round, kText));
         }
         return ledger.File("FRA", touch(round));
       }},
      {record, "ROUND_OBJECTED",
       [touch](TestLedger& ledger) {
         const EntryIndex round = Opened(ledger);
         ledger.MustFile("NOR", ObjectTo(round));
         return ledger.File("FRA", touch(round));
       }},
      {record, "ROUND_LAPSED",
       [touch](TestLedger& ledger) {
         const EntryIndex round = Opened(ledger);
         ledger.Pass(ledger.act().text.parameters.signature_period);
         ledger.Pass(Microseconds(1));
         return ledger.File("FRA", touch(round));
       }},
      {record, "ROUND_WITHDRAWN",
       [touch](TestLedger& ledger) {
         const EntryIndex round = Opened(ledger);
         ledger.MustFile("FRA", TakeBack(round));
         return ledger.File("FRA", touch(round));
       }},
  };
}

std::vector<BrokenRule> BrokenEnding() {
  return {
      {"RevisionObject", "REASON_INVALID",
       [](TestLedger& ledger) {
         v1::Body body = ObjectTo(Opened(ledger));
         body.mutable_revision_object()->clear_reason();
         return ledger.File("NOR", body);
       }},
      {"RevisionWithdraw", "REASON_INVALID",
       [](TestLedger& ledger) {
         v1::Body body = TakeBack(Opened(ledger));
         body.mutable_revision_withdraw()->set_reason(std::string(4'097, 'x'));
         return ledger.File("FRA", body);
       }},
      {"RevisionWithdraw", "NOT_PROPOSER",
       [](TestLedger& ledger) { return ledger.File("NOR", TakeBack(Opened(ledger))); }},
  };
}

std::vector<BrokenRule> BrokenRevisionRules() {
  const auto sign = [](EntryIndex round) { return SignRound(round, kText); };
  std::vector<BrokenRule> all = BrokenOpening();
  for (const auto& part :
       {BrokenSigning(), BrokenByRoundsThatAreOver("RevisionSign", sign),
        BrokenByRoundsThatAreOver("RevisionObject", ObjectTo),
        BrokenByRoundsThatAreOver("RevisionWithdraw", TakeBack), BrokenEnding()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

const AddBrokenRules revision_rules(BrokenRevisionRules);

}  // namespace
}  // namespace assent::rules
