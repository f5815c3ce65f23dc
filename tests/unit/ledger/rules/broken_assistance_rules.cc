// Each rule of assistance notices broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledNotice(std::string_view reason,
                         std::function<void(v1::AssistanceNotice&)> change) {
  return {"AssistanceNotice", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = AssistanceTo("IDN");
            change(*body.mutable_assistance_notice());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenAssistanceRules() {
  return {
      SpoiledNotice("STATE_INVALID",
                    [](v1::AssistanceNotice& said) { said.set_state("Indonesia"); }),
      SpoiledNotice("STATE_IS_AUTHOR", [](v1::AssistanceNotice& said) { said.set_state("FRA"); }),
      {"AssistanceNotice", "STATE_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", AssistanceTo("IDN"));
         return ledger.File("FRA", Amending(AssistanceTo("PHL"), first));
       }},
      SpoiledNotice("TEXT_INVALID", [](v1::AssistanceNotice& said) { said.clear_text(); }),
      SpoiledNotice("REVIEW_MISSING", [](v1::AssistanceNotice& said) { said.clear_reviewed_us(); }),
      SpoiledNotice("REVIEW_IN_FUTURE",
                    [](v1::AssistanceNotice& said) { said.set_reviewed_us(At("2026-01-02").us); }),
      SpoiledNotice("REVIEW_INVALID",
                    [](v1::AssistanceNotice& said) { said.set_review(std::string(16'385, 'x')); }),
  };
}

const AddBrokenRules assistance_rules(BrokenAssistanceRules);

}  // namespace
}  // namespace assent::rules
