// Each rule of assistance notices broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule Spoiled(std::string_view reason, std::function<void(v1::AssistanceNotice&)> change) {
  return {"AssistanceNotice", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = AssistanceTo("IDN");
            change(*body.mutable_assistance_notice());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenAssistanceRules() {
  return {
      Spoiled("STATE_INVALID", [](v1::AssistanceNotice& said) { said.set_state("Indonesia"); }),
      Spoiled("STATE_IS_AUTHOR", [](v1::AssistanceNotice& said) { said.set_state("FRA"); }),
      {"AssistanceNotice", "STATE_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", AssistanceTo("IDN"));
         return ledger.File("FRA", Amending(AssistanceTo("PHL"), first));
       }},
      Spoiled("TEXT_INVALID", [](v1::AssistanceNotice& said) { said.clear_text(); }),
      Spoiled("REVIEW_MISSING", [](v1::AssistanceNotice& said) { said.clear_reviewed_us(); }),
      Spoiled("REVIEW_IN_FUTURE",
              [](v1::AssistanceNotice& said) { said.set_reviewed_us(At("2026-01-02").us); }),
      Spoiled("REVIEW_INVALID",
              [](v1::AssistanceNotice& said) { said.set_review(std::string(16'385, 'x')); }),
  };
}

const AddBrokenRules added_for_assistance(BrokenAssistanceRules);

}  // namespace
}  // namespace assent::rules
