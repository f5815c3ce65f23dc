// Each rule of cancellations broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA notifies a launch, and files a cancellation of it that `change` spoils.
BrokenRule SpoiledCancellation(std::string_view reason,
                               std::function<void(v1::LaunchCancellation&)> change) {
  return {"LaunchCancellation", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = CancellationOf(ledger.MustFile("FRA", Notification("A-1")));
            change(*body.mutable_launch_cancellation());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenCancellationRules() {
  return {
      SpoiledCancellation("REASON_INVALID",
                          [](auto& said) { said.set_reason(std::string(1'025, 'x')); }),
      SpoiledCancellation("NOTIFICATION_MISSING", [](auto& said) { said.clear_notification(); }),
      {"LaunchCancellation", "NOTIFICATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", CancellationOf(ledger.MustFile("NOR", Notification("A-1"))));
       }},
      {"LaunchCancellation", "NOTIFICATION_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         return ledger.File("FRA", CancellationOf(first));
       }},
      {"LaunchCancellation", "NOTIFICATION_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", WithdrawalOf(launch));
         return ledger.File("FRA", CancellationOf(launch));
       }},
      {"LaunchCancellation", "NOTIFICATION_CANCELLED",
       [](TestLedger& ledger) {
         const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", CancellationOf(launch));
         return ledger.File("FRA", CancellationOf(launch));
       }},
      {"LaunchCancellation", "NOTIFICATION_PUBLIC",
       [](TestLedger& ledger) {
         v1::Body open = Notification("A-1");
         open.set_visibility(v1::PUBLIC);
         return ledger.File("FRA", CancellationOf(ledger.MustFile("FRA", open)));
       }},
  };
}

const AddBrokenRules cancellation_rules(BrokenCancellationRules);

}  // namespace
}  // namespace assent::rules
