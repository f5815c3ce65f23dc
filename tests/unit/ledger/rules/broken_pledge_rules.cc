// Each rule of pledges broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledPledge(std::string_view reason, std::function<void(v1::Pledge&)> change) {
  return {"Pledge", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = PledgeBy("2030-01-01");
            change(*body.mutable_pledge());
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenPledges() {
  return {
      SpoiledPledge("TARGET_DATE_INVALID", [](auto& said) { said.clear_target_date_us(); }),
      SpoiledPledge("TARGET_DATE_PASSED",
                    [](auto& said) { said.set_target_date_us(At("2026-01-01").us); }),
      SpoiledPledge("TEXT_INVALID", [](auto& said) { said.set_text(std::string(16'385, 'x')); }),
  };
}

const AddBrokenRules pledge_rules(BrokenPledges);

}  // namespace
}  // namespace assent::rules
