// Each rule of inspectors' accreditations and of their end broken once.
#include "assent/v1/state.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA accredits a key by what `change` spoils.
BrokenRule SpoiledAccreditation(std::string_view reason,
                                std::function<void(v1::InspectorAccreditation&)> change) {
  return {"InspectorAccreditation", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Accrediting("A");
            change(*body.mutable_inspector_accreditation());
            return ledger.File("FRA", body);
          }};
}

// FRA accredits a key, and ends that by what `change` spoils.
BrokenRule SpoiledEnd(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"InspectorAccreditationEnd", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = EndOf(ledger.MustFile("FRA", Accrediting("A")));
            change(body);
            return ledger.File("FRA", body);
          }};
}

// As if FRA had left and come back.
void BeginMembershipAnew(TestLedger& ledger) {
  const std::string key = MemberKey(Code("FRA"));
  auto member = LoadExisting<v1::MemberState>(ledger.state(), key);
  member.set_membership(ledger.size());
  ledger.Write({{key, member.SerializeAsString()}});
}

std::vector<BrokenRule> BrokenAccreditations() {
  return {
      SpoiledAccreditation("NAME_INVALID", [](auto& said) { said.set_name("two\nlines"); }),
      SpoiledAccreditation("KEY_INVALID",
                           [](auto& said) { said.set_public_key(std::string(31, 'k')); }),
      {"InspectorAccreditation", "KEY_IN_USE",
       [](TestLedger& ledger) {
         v1::Body body = Accrediting("A");
         body.mutable_inspector_accreditation()->set_public_key(
             ledger.act().text.founders[2].reader_key.str());
         return ledger.File("FRA", body);
       }},
      SpoiledAccreditation("TERM_INVALID", [](auto& said) { said.set_until_us(said.from_us()); }),
      SpoiledAccreditation("TERM_OVER",
                           [](auto& said) {
                             said.set_from_us(At("2025-01-01").us);
                             said.set_until_us(At("2026-01-01T01:00:00Z").us);
                           }),
      SpoiledAccreditation("TERM_TOO_LONG",
                           [](auto& said) {
                             const Time last = At("2026-01-01T01:00:00Z") + Days(731);
                             said.set_until_us((last + Hours(1)).us);
                           }),
      SpoiledAccreditation("SCOPE_MISSING", [](auto& said) { said.set_all_bodies(false); }),
      SpoiledAccreditation("SCOPE_AMBIGUOUS", [](auto& said) { said.add_authors("NOR"); }),
      SpoiledAccreditation("SCOPE_AUTHOR_UNKNOWN",
                           [](auto& said) {
                             said.set_all_bodies(false);
                             said.add_authors("NOR");
                             said.add_authors("SWE");
                           }),
      SpoiledAccreditation("SCOPE_TYPE_UNKNOWN",
                           [](auto& said) {
                             said.set_all_bodies(false);
                             said.add_types("Launch");
                           }),
      SpoiledAccreditation("SCOPE_REPEATED",
                           [](auto& said) {
                             said.set_all_bodies(false);
                             said.add_types("LaunchReport");
                             said.add_types("LaunchReport");
                           }),
      {"InspectorAccreditation", "ACCREDITATIONS_MANY",
       [](TestLedger& ledger) {
         for (int i = 0; i < kAccreditationsMax; ++i) {
           if (i % 50 == 0) ledger.Pass(Days(1));
           ledger.MustFile("FRA", Accrediting(std::to_string(i)));
         }
         return ledger.File("FRA", Accrediting("A"));
       }},
  };
}

std::vector<BrokenRule> BrokenEnds() {
  return {
      SpoiledEnd("REASON_INVALID",
                 [](v1::Body& b) { b.mutable_inspector_accreditation_end()->clear_reason(); }),
      SpoiledEnd(
          "ACCREDITATION_MISSING",
          [](v1::Body& b) { b.mutable_inspector_accreditation_end()->clear_accreditation(); }),
      {"InspectorAccreditationEnd", "ACCREDITATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", EndOf(ledger.MustFile("NOR", Accrediting("A"))));
       }},
      {"InspectorAccreditationEnd", "ACCREDITATION_ENDED",
       [](TestLedger& ledger) {
         const EntryIndex given = ledger.MustFile("FRA", Accrediting("A"));
         ledger.MustFile("FRA", EndOf(given));
         return ledger.File("FRA", EndOf(given));
       }},
      {"InspectorAccreditationEnd", "ACCREDITATION_EXPIRED",
       [](TestLedger& ledger) {
         v1::Body body = Accrediting("A");
         body.mutable_inspector_accreditation()->set_until_us((ledger.now() + Seconds(5)).us);
         const EntryIndex given = ledger.MustFile("FRA", body);
         ledger.Pass(Seconds(5));
         return ledger.File("FRA", EndOf(given));
       }},
      {"InspectorAccreditationEnd", "ACCREDITATION_LAPSED",
       [](TestLedger& ledger) {
         const EntryIndex given = ledger.MustFile("FRA", Accrediting("A"));
         BeginMembershipAnew(ledger);
         return ledger.File("FRA", EndOf(given));
       }},
      SpoiledEnd("VISIBILITY_DIFFERS", [](v1::Body& b) { b.set_visibility(v1::PUBLIC); }),
  };
}

const AddBrokenRules inspector_accreditations(BrokenAccreditations);
const AddBrokenRules inspector_ends(BrokenEnds);

}  // namespace
}  // namespace assent::rules
