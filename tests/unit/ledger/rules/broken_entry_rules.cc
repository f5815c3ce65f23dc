// Each rule that holds for every entry broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// Files a good notification of FRA under a header that `change` spoils.
Outcome WithHeader(TestLedger& ledger, const std::function<void(EntryHeader&)>& change) {
  EntryHeader header = ledger.NextHeader("FRA");
  change(header);
  return ledger.Put(ledger.Sign(header, Notification("A-1").SerializeAsString()));
}

Outcome WithBody(TestLedger& ledger, const std::function<void(v1::Body&)>& change) {
  v1::Body body = Notification("A-1");
  change(body);
  return ledger.File("FRA", body);
}

std::vector<BrokenRule> BrokenHeaderRules() {
  return {
      {"Entry", "WRONG_LEDGER",
       [](TestLedger& ledger) {
         return WithHeader(ledger, [](EntryHeader& header) { header.ledger_id = LedgerId(); });
       }},
      {"Entry", "UNKNOWN_AUTHOR",
       [](TestLedger& ledger) {
         return WithHeader(ledger, [](EntryHeader& header) { header.author = Code("XXX"); });
       }},
      {"Entry", "KEY_NOT_IN_FORCE",
       [](TestLedger& ledger) {
         // Signed by FRA's key, which is not NOR's.
         const Entry good = ledger.Sign(ledger.NextHeader("FRA"), "");
         EntryHeader header = good.header();
         header.author = Code("NOR");
         RawEntry raw{.header = EncodeEntryHeader(header),
                      .signature = good.signature(),
                      .body = good.body(),
                      .salt = good.salt()};
         return ledger.Put(Entry::Parse(raw).value());
       }},
      {"Entry", "SEQUENCE_ALREADY_USED",
       [](TestLedger& ledger) {
         const EntryHeader header = ledger.NextHeader("FRA");
         ledger.MustFile("FRA", Notification("A-0"));
         return ledger.Put(ledger.Sign(header, Notification("A-1").SerializeAsString()));
       }},
      {"Entry", "SEQUENCE_GAP",
       [](TestLedger& ledger) {
         return WithHeader(ledger, [](EntryHeader& header) { header.sequence = Sequence(2); });
       }},
      {"Entry", "WRONG_PREVIOUS",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", Notification("A-0"));
         return WithHeader(ledger, [](EntryHeader& header) { header.previous = Hash(); });
       }},
      {"Entry", "EXPIRED",
       [](TestLedger& ledger) {
         const Time now = ledger.now();
         return WithHeader(ledger,
                           [&](EntryHeader& header) { header.not_after = now - Microseconds(1); });
       }},
      {"Entry", "DAILY_LIMIT",
       [](TestLedger& ledger) {
         for (int i = 0; i < 50; ++i)
           ledger.MustFile("FRA", Notification("B-" + std::to_string(i)));
         return ledger.File("FRA", Notification("A-1"));
       }},
  };
}

std::vector<BrokenRule> BrokenBodyRules() {
  return {
      {"Entry", "BODY_MALFORMED",
       [](TestLedger& ledger) {
         // Field 2000, which no version has.
         const std::string unknown = "\x80\x7d\x01";
         return ledger.Put(ledger.Sign(ledger.NextHeader("FRA"),
                                       Notification("A-1").SerializeAsString() + unknown));
       }},
      {"Entry", "VISIBILITY_INVALID",
       [](TestLedger& ledger) {
         return WithBody(ledger,
                         [](v1::Body& body) { body.set_visibility(v1::VISIBILITY_UNSPECIFIED); });
       }},
      {"Entry", "ISSUED_AT_INVALID",
       [](TestLedger& ledger) {
         return WithBody(ledger, [](v1::Body& body) { body.set_issued_at_us(-1); });
       }},
      {"Entry", "RECORD_MISSING",
       [](TestLedger& ledger) {
         return WithBody(ledger, [](v1::Body& body) { body.clear_record(); });
       }},
  };
}

std::vector<BrokenRule> BrokenAmendmentRules() {
  return {
      {"Entry", "NOT_AMENDABLE",
       [](TestLedger& ledger) {
         const EntryIndex filed = ledger.MustFile("FRA", Notification("A-1"));
         return ledger.File("FRA", Amending(WithdrawalOf(filed), filed));
       }},
      {"Entry", "SUPERSEDED_UNKNOWN",
       [](TestLedger& ledger) {
         const EntryIndex of_another = ledger.MustFile("NOR", Notification("A-1"));
         return ledger.File("FRA", Amending(Notification("A-1"), of_another));
       }},
      {"Entry", "SUPERSEDED_TYPE",
       [](TestLedger& ledger) {
         const EntryIndex declaration = ledger.MustFile("FRA", Declaration(2025));
         return ledger.File("FRA", Amending(Notification("A-1"), declaration));
       }},
      {"Entry", "SUPERSEDED_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         return ledger.File("FRA", Amending(Notification("A-1"), first));
       }},
      {"Entry", "SUPERSEDED_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", WithdrawalOf(first));
         return ledger.File("FRA", Amending(Notification("A-1"), first));
       }},
      {"Entry", "SUPERSEDED_CANCELLED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         ledger.MustFile("FRA", CancellationOf(first));
         return ledger.File("FRA", Amending(Notification("A-1"), first));
       }},
      {"Entry", "VISIBILITY_NARROWED",
       [](TestLedger& ledger) {
         v1::Body open = Notification("A-1");
         open.set_visibility(v1::PUBLIC);
         const EntryIndex first = ledger.MustFile("FRA", open);
         return ledger.File("FRA", Amending(Notification("A-1"), first));
       }},
  };
}

std::vector<BrokenRule> BrokenEntryRules() {
  std::vector<BrokenRule> all = BrokenHeaderRules();
  for (const auto& part : {BrokenBodyRules(), BrokenAmendmentRules()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

const AddBrokenRules entry_rules(BrokenEntryRules);

}  // namespace
}  // namespace assent::rules
