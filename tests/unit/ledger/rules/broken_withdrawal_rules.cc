// Each rule of withdrawals broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

std::vector<BrokenRule> BrokenWithdrawalRules() {
  return {
      {"Withdrawal", "REASON_INVALID",
       [](TestLedger& ledger) {
         v1::Body body = WithdrawalOf(ledger.MustFile("FRA", Notification("A-1")));
         body.mutable_withdrawal()->set_reason(std::string(1'025, 'x'));
         return ledger.File("FRA", body);
       }},
      {"Withdrawal", "TARGET_MISSING",
       [](TestLedger& ledger) {
         v1::Body body = WithdrawalOf(ledger.MustFile("FRA", Notification("A-1")));
         body.mutable_withdrawal()->clear_target();
         return ledger.File("FRA", body);
       }},
      {"Withdrawal", "TARGET_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", WithdrawalOf(ledger.MustFile("NOR", Notification("A-1"))));
       }},
      {"Withdrawal", "TARGET_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         return ledger.File("FRA", WithdrawalOf(first));
       }},
      {"Withdrawal", "TARGET_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", WithdrawalOf(first));
         return ledger.File("FRA", WithdrawalOf(first));
       }},
      {"Withdrawal", "TARGET_CANCELLED",
       [](TestLedger& ledger) {
         const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", CancellationOf(launch));
         return ledger.File("FRA", WithdrawalOf(launch));
       }},
      {"Withdrawal", "TARGET_HELD",
       [](TestLedger& ledger) {
         const EntryIndex pledge = ledger.MustFile("NOR", PledgeBy("2030-01-01"));
         const EntryIndex offer = ledger.MustFile("FRA", OfferTo("NOR", pledge));
         ledger.MustFile("NOR", AnswerTo(offer, v1::ACCEPT));
         return ledger.File("NOR", WithdrawalOf(pledge));
       }},
      {"Withdrawal", "TARGET_PUBLIC",
       [](TestLedger& ledger) {
         v1::Body open = Notification("A-1");
         open.set_visibility(v1::PUBLIC);
         return ledger.File("FRA", WithdrawalOf(ledger.MustFile("FRA", open)));
       }},
  };
}

const AddBrokenRules withdrawal_rules(BrokenWithdrawalRules);

}  // namespace
}  // namespace assent::rules
