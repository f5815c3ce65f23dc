// Each rule of invitations, subscriptions and leaving broken once.
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledInvitation(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"SubscriptionInvitation", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Inviting("SWE");
            change(body);
            return ledger.File("FRA", body);
          }};
}

BrokenRule SpoiledDecline(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"SubscriptionDecline", reason, [change = std::move(change)](TestLedger& ledger) {
            ledger.MustFile("FRA", Inviting("SWE"));
            v1::Body body = DeclineOf("SWE");
            change(body);
            return ledger.File("FRA", body);
          }};
}

// A note, signed after the change.
BrokenRule SpoiledNote(std::string_view reason,
                       std::function<void(v1::SubscriptionStatement&)> change) {
  return {"SubscriptionNote", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::SubscriptionStatement said = StatementOf("SWE", "SWE");
            change(said);
            return ledger.File("FRA", NoteOf(said, "SWE"));
          }};
}

BrokenRule SpoiledLeaving(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"MembershipWithdrawal", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Leaving();
            change(body);
            return ledger.File("FRA", body);
          }};
}

// As many members as there may be.
void FillMembers(TestLedger& ledger) {
  StateWrites writes;
  for (std::size_t i = 3; i < kMembersMax; ++i) {
    std::string code = "XAAA";
    for (std::size_t at = 3, rest = i; at > 0; --at, rest /= 26) {
      code[at] = static_cast<char>('A' + rest % 26);
    }
    v1::MemberState member;
    member.set_authority_key(Sha256(code + "authority").str());
    member.set_reader_key(Sha256(code + "reader").str());
    writes.emplace(MemberKey(Code(code)), member.SerializeAsString());
  }
  ledger.Write(writes);
}

std::vector<BrokenRule> BrokenSubscriptions() {
  return {
      SpoiledInvitation("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledInvitation(
          "CODE_INVALID",
          [](auto& body) { body.mutable_subscription_invitation()->set_code("Sweden"); }),
      SpoiledInvitation(
          "NAME_INVALID",
          [](auto& body) { body.mutable_subscription_invitation()->set_name("Sweden "); }),
      SpoiledInvitation("ALREADY_MEMBER", [](auto& body) { body = Inviting("NOR"); }),
      {"SubscriptionInvitation", "ALREADY_INVITED",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", Inviting("SWE"));
         return ledger.File("NOR", Inviting("SWE"));
       }},
      SpoiledDecline("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledDecline("CODE_INVALID",
                     [](auto& body) { body.mutable_subscription_decline()->clear_code(); }),
      SpoiledDecline("ALREADY_MEMBER", [](auto& body) { body = DeclineOf("NOR"); }),
      SpoiledDecline("ANSWER_INVALID",
                     [](auto& body) { body.mutable_subscription_decline()->clear_answer(); }),
      SpoiledDecline("NOT_INVITED", [](auto& body) { body = DeclineOf("ITA"); }),
      {"SubscriptionNote", "NOT_PUBLIC",
       [](TestLedger& ledger) {
         v1::Body body = NoteOf("SWE");
         body.set_visibility(v1::MEMBERS);
         return ledger.File("FRA", body);
       }},
      {"SubscriptionNote", "STATEMENT_MALFORMED",
       [](TestLedger& ledger) {
         v1::Body body = NoteOf("SWE");
         body.mutable_subscription_note()->set_statement("We subscribe.");
         return ledger.File("FRA", body);
       }},
      SpoiledNote("STATEMENT_LEDGER", [](auto& said) { said.set_ledger_id(std::string(32, 'x')); }),
      SpoiledNote("CODE_INVALID", [](auto& said) { said.set_code("S"); }),
      SpoiledNote("ALREADY_MEMBER", [](auto& said) { said.set_code("NOR"); }),
      SpoiledNote("NAME_INVALID", [](auto& said) { said.clear_name(); }),
      SpoiledNote("CONTACT_INVALID", [](auto& said) { said.clear_contact(); }),
      SpoiledNote("KEY_INVALID", [](auto& said) { said.clear_reader_key(); }),
      SpoiledNote(
          "KEY_REGISTERED",
          [](auto& said) { said.set_reader_key(TestKey("FRA/authority").public_key().str()); }),
      {"SubscriptionNote", "SIGNATURE_INVALID",
       [](TestLedger& ledger) {
         return ledger.File("FRA", NoteOf(StatementOf("SWE", "SWE"), "FRA"));
       }},
      SpoiledNote("POSSESSION_INVALID", [](auto& said) { said.clear_reader_possession(); }),
      {"SubscriptionNote", "LEDGER_FULL",
       [](TestLedger& ledger) {
         FillMembers(ledger);
         return ledger.File("FRA", NoteOf("SWE"));
       }},
      SpoiledLeaving("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledLeaving("REASON_INVALID",
                     [](auto& body) { body.mutable_membership_withdrawal()->clear_reason(); }),
      {"MembershipWithdrawal", "LAST_VOTER",
       [](TestLedger& ledger) {
         ledger.MustFile("NOR", StepBack());
         ledger.MustFile("DEU", Leaving());
         return ledger.File("FRA", Leaving());
       }},
  };
}

const AddBrokenRules subscription_rules(BrokenSubscriptions);

}  // namespace
}  // namespace assent::rules
