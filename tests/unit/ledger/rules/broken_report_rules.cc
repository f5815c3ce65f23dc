// Each rule of launch reports broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA notifies, and files a report that `change` spoils.
BrokenRule SpoiledReport(std::string_view reason, std::function<void(v1::LaunchReport&)> change) {
  return {"LaunchReport", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Report(ledger.MustFile("FRA", Notification("A-1")));
            change(*body.mutable_launch_report());
            return ledger.File("FRA", body);
          }};
}

// A launch that nobody notified.
void SetUnannounced(v1::LaunchReport& said) {
  said.clear_notification();
  said.set_outcome(v1::LAUNCHED);
  said.set_launched_at_us(At("2025-12-01T00:00:00Z").us);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_A");
}

std::vector<BrokenRule> BrokenReports() {
  return {
      SpoiledReport("OUTCOME_INVALID", [](auto& said) { said.clear_outcome(); }),
      SpoiledReport("LAUNCH_TIME_MISSING", [](auto& said) { said.set_outcome(v1::LAUNCHED); }),
      {"LaunchReport", "LAUNCH_TIME_IN_FUTURE",
       [](TestLedger& ledger) {
         v1::Body body = Report(ledger.MustFile("FRA", Notification("A-1")));
         body.mutable_launch_report()->set_outcome(v1::FAILED);
         body.mutable_launch_report()->set_launched_at_us((ledger.now() + Hours(1)).us);
         return ledger.File("FRA", body);
       }},
      SpoiledReport("LAUNCH_TIME_MISPLACED",
                    [](auto& said) { said.set_launched_at_us(At("2026-01-01").us); }),
      {"LaunchReport", "NOTIFICATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Report(ledger.MustFile("NOR", Notification("A-1"))));
       }},
      {"LaunchReport", "NOTIFICATION_WITHDRAWN",
       [](TestLedger& ledger) {
         // The chain counts: its first record is amended, its newest withdrawn.
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         ledger.MustFile("FRA", WithdrawalOf(second));
         return ledger.File("FRA", Report(first));
       }},
      {"LaunchReport", "NOTIFICATION_CANCELLED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         ledger.MustFile("FRA", CancellationOf(second));
         return ledger.File("FRA", Report(first));
       }},
      SpoiledReport("NOTIFICATION_MISSING", [](auto& said) { said.clear_notification(); }),
      SpoiledReport("KIND_MISPLACED", [](auto& said) { said.set_class_id("SLV_A"); }),
      SpoiledReport("KIND_INVALID",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.clear_kind();
                    }),
      SpoiledReport("CLASS_UNKNOWN",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.clear_class_id();
                    }),
      SpoiledReport("CLASS_WRONG_KIND",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.set_kind(v1::BALLISTIC_MISSILE);
                    }),
  };
}

const AddBrokenRules report_rules(BrokenReports);

}  // namespace
}  // namespace assent::rules
