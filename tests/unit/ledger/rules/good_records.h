// A good record of each type, and the life that it can have: filed, amended, withdrawn.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RULES_GOOD_RECORDS_H_
#define ASSENT_TESTS_UNIT_LEDGER_RULES_GOOD_RECORDS_H_

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {

struct GoodRecord {
  std::string_view type;    // "Pledge"
  std::string_view author;  // of the record
  // Files what the record refers to, and gives its body.
  std::function<v1::Body(TestLedger&)> prepare;
};
// One of each type that there is.
std::vector<GoodRecord> GoodRecords();

// The entries by which a record lived.
struct Life {
  EntryIndex filed;
  std::optional<EntryIndex> amended;    // of a type that can be
  std::optional<EntryIndex> withdrawn;  // of a type that can be
};
// Files the record, and amends and withdraws it if its type can be.
Life Live(const GoodRecord& record, TestLedger& ledger);

}  // namespace assent::rules

#endif  // ASSENT_TESTS_UNIT_LEDGER_RULES_GOOD_RECORDS_H_
