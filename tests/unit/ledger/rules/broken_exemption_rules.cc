// Each rule of exemptions broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA files an exemption that `change` spoils.
BrokenRule SpoiledExemption(std::string_view reason, std::function<void(v1::Exemption&)> change) {
  return {"Exemption", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
            change(*body.mutable_exemption());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenExemptionRules() {
  return {
      SpoiledExemption("KIND_INVALID", [](auto& said) { said.clear_kind(); }),
      SpoiledExemption("CLASS_UNKNOWN", [](auto& said) { said.set_class_id("SLV_C"); }),
      SpoiledExemption("CLASS_WRONG_KIND", [](auto& said) { said.set_class_id("BM_A"); }),
      SpoiledExemption("PERIOD_INVALID", [](auto& said) { said.set_until_us(said.from_us()); }),
      {"Exemption", "PERIOD_BEGUN",
       [](TestLedger& ledger) {
         v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
         body.mutable_exemption()->set_from_us(ledger.now().us - 1);
         return ledger.File("FRA", body);
       }},
      {"Exemption", "PERIOD_OVER",
       [](TestLedger& ledger) {
         v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
         body.mutable_exemption()->set_from_us((ledger.now() + Seconds(4)).us);
         const EntryIndex first = ledger.MustFile("FRA", body);
         ledger.Pass(Seconds(5));
         body.mutable_exemption()->set_until_us(ledger.now().us);
         return ledger.File("FRA", Amending(body, first));
       }},
      SpoiledExemption("TEXT_INVALID", [](auto& said) { said.set_text(std::string(4'097, 'x')); }),
  };
}

const AddBrokenRules exemption_rules(BrokenExemptionRules);

}  // namespace
}  // namespace assent::rules
