#include "ledger/questions/coverage.h"

namespace assent::questions {

void AddTotals(const v1::TotalsRow& one, v1::TotalsRow& sum) {
  sum.set_announced_timely(sum.announced_timely() + one.announced_timely());
  sum.set_announced_late(sum.announced_late() + one.announced_late());
  sum.set_announced_post_facto(sum.announced_post_facto() + one.announced_post_facto());
  sum.set_announced_historic(sum.announced_historic() + one.announced_historic());
  sum.set_launched_timely(sum.launched_timely() + one.launched_timely());
  sum.set_launched_late(sum.launched_late() + one.launched_late());
  sum.set_launched_unannounced(sum.launched_unannounced() + one.launched_unannounced());
  sum.set_launched_historic(sum.launched_historic() + one.launched_historic());
  sum.set_observed(sum.observed() + one.observed());
}

std::optional<std::uint32_t> CoveragePercent(const v1::TotalsRow& totals) {
  const std::uint64_t all = totals.launched_timely() + totals.launched_late() +
                            totals.launched_unannounced() + totals.observed();
  if (all == 0) return std::nullopt;
  return static_cast<std::uint32_t>(totals.launched_timely() * 100 / all);
}

}  // namespace assent::questions
