// What the totals of several states, and their coverage, are.
#ifndef ASSENT_LEDGER_QUESTIONS_COVERAGE_H_
#define ASSENT_LEDGER_QUESTIONS_COVERAGE_H_

#include <cstdint>
#include <optional>

#include "assent/v1/questions.pb.h"

namespace assent::questions {

// Adds all counts of launches; state, year and declaration of `sum` stay.
void AddTotals(const v1::TotalsRow& one, v1::TotalsRow& sum);

// Percent, rounded down: launches that were notified in time, of those that were reported, or
// observed and not contested. Absent where there were none.
std::optional<std::uint32_t> CoveragePercent(const v1::TotalsRow& totals);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_COVERAGE_H_
