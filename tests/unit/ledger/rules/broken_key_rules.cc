// Each rule of authority keys and contacts broken once.
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// `body` of NOR, spoiled.
BrokenRule Spoiled(std::string_view record, std::string_view reason, v1::Body (*body)(),
                   std::function<void(v1::Body&)> change) {
  return {record, reason, [body, change = std::move(change)](TestLedger& ledger) {
            v1::Body spoiled = body();
            change(spoiled);
            return ledger.File("NOR", spoiled);
          }};
}

void MakeRestricted(v1::Body& body) { body.set_visibility(v1::MEMBERS); }

v1::Body Rotation() { return RotationTo("NOR", "NOR/second"); }
v1::Body Replacement() { return ReplacementOf("FRA", "FRA/second"); }
v1::Body ReaderKey() { return NewReaderKey("NOR", "NOR/second reader"); }

// What FRA files in the very block in which its new key takes force.
BrokenRule WithTheNewKey(std::string_view record, v1::Body (*body)()) {
  return {record, "KEY_CHANGED_IN_BLOCK", [body](TestLedger& ledger) {
            Decide(ledger, Replacement());
            Wait(ledger, {Days(30).us - kLongestStep.us});
            ledger.SignWith("FRA", "FRA/second");
            ledger.Pass(kLongestStep);
            return ledger.File("FRA", body());
          }};
}

std::vector<BrokenRule> BrokenKeys() {
  return {
      WithTheNewKey("AuthorityKeyRotation", [] { return RotationTo("FRA", "FRA/third"); }),
      WithTheNewKey("AuthorityKeyRevocation", Revoking),
      WithTheNewKey("MembershipWithdrawal", Leaving),
      Spoiled("AuthorityKeyRotation", "NOT_PUBLIC", Rotation, MakeRestricted),
      Spoiled("AuthorityKeyRotation", "KEY_INVALID", Rotation,
              [](auto& body) { body.mutable_authority_key_rotation()->clear_new_key(); }),
      Spoiled("AuthorityKeyRotation", "KEY_REGISTERED", Rotation,
              [](auto& body) { body = RotationTo("NOR", "NOR/authority"); }),
      Spoiled("AuthorityKeyRotation", "POSSESSION_INVALID", Rotation,
              [](auto& body) { body = RotationTo("FRA", "NOR/second"); }),
      Spoiled("AuthorityKeyRevocation", "NOT_PUBLIC", Revoking, MakeRestricted),
      Spoiled("AuthorityKeyRevocation", "REASON_INVALID", Revoking,
              [](auto& body) { body.mutable_authority_key_revocation()->clear_reason(); }),
      Spoiled("AuthorityKeyReplacement", "NOT_PUBLIC", Replacement, MakeRestricted),
      Spoiled("AuthorityKeyReplacement", "REASON_INVALID", Replacement,
              [](auto& body) { body.mutable_authority_key_replacement()->clear_reason(); }),
      Spoiled("AuthorityKeyReplacement", "MEMBER_UNKNOWN", Replacement,
              [](auto& body) { body.mutable_authority_key_replacement()->set_member("SWE"); }),
      Spoiled("AuthorityKeyReplacement", "KEY_INVALID", Replacement,
              [](auto& body) { body.mutable_authority_key_replacement()->set_new_key("x"); }),
      Spoiled("AuthorityKeyReplacement", "KEY_REGISTERED", Replacement,
              [](auto& body) { body = ReplacementOf("FRA", "FRA/reader"); }),
      Spoiled("AuthorityKeyReplacement", "POSSESSION_INVALID", Replacement,
              [](auto& body) { body.mutable_authority_key_replacement()->clear_possession(); }),
      {"AuthorityKeyReplacement", "REPLACEMENT_WAITS",
       [](TestLedger& ledger) {
         Decide(ledger, ReplacementOf("FRA", "FRA/second"));
         return ledger.File("NOR", ReplacementOf("FRA", "FRA/third"));
       }},
      {"KeyReplacementRefusal", "NOT_PUBLIC",
       [](TestLedger& ledger) {
         Decide(ledger, Replacement());
         v1::Body body = RefusingReplacement();
         MakeRestricted(body);
         return ledger.File("FRA", body);
       }},
      {"KeyReplacementRefusal", "REASON_INVALID",
       [](TestLedger& ledger) {
         Decide(ledger, Replacement());
         v1::Body body = RefusingReplacement();
         body.mutable_key_replacement_refusal()->clear_reason();
         return ledger.File("FRA", body);
       }},
      {"KeyReplacementRefusal", "NOTHING_WAITS",
       [](TestLedger& ledger) {
         ledger.MustFile("NOR", Replacement());  // not decided
         return ledger.File("FRA", RefusingReplacement());
       }},
      Spoiled("ContactUpdate", "NOT_PUBLIC", NewContact, MakeRestricted),
      Spoiled("ContactUpdate", "NOTHING_GIVEN", NewContact,
              [](auto& body) { body.mutable_contact_update()->clear_contact(); }),
      Spoiled("ContactUpdate", "ENDPOINT_INVALID", NewContact,
              [](auto& body) { body.mutable_contact_update()->set_peer_endpoint("host:0"); }),
      Spoiled("ContactUpdate", "CONTACT_INVALID", NewContact,
              [](auto& body) { body.mutable_contact_update()->set_contact(""); }),
      Spoiled("ContactUpdate", "KEY_INVALID", ReaderKey,
              [](auto& body) { body.mutable_contact_update()->set_reader_key("x"); }),
      Spoiled("ContactUpdate", "KEY_REGISTERED", ReaderKey,
              [](auto& body) { body = NewReaderKey("NOR", "FRA/reader"); }),
      Spoiled("ContactUpdate", "POSSESSION_INVALID", ReaderKey,
              [](auto& body) { body.mutable_contact_update()->clear_reader_possession(); }),
      {"RevisionSign", "ENDORSED_KEY",
       [](TestLedger& ledger) {
         const EntryIndex round = ledger.MustFile("NOR", Proposing(0, "New.\n"));
         ReplaceKeyOfFra(ledger);
         return ledger.File("FRA", SignRound(round, "New.\n"));
       }},
  };
}

const AddBrokenRules key_rules(BrokenKeys);

}  // namespace
}  // namespace assent::rules
