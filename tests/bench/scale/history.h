// Twenty years of a ledger, made up: states join, declare every year, announce launches, report,
// amend and cancel them, see those of others, ask each other, pledge, and object to revisions. How
// much is filed decides how dense the years are, not how many there are, so that ledgers of any
// size can be asked the same questions.
#ifndef ASSENT_TESTS_BENCH_SCALE_HISTORY_H_
#define ASSENT_TESTS_BENCH_SCALE_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "tests/bench/scale/chain.h"
#include "tests/bench/scale/states.h"

namespace assent::bench {

inline constexpr std::int64_t kFirstLedgerYear = 2005;  // on whose first day the ledger is founded
inline constexpr std::int64_t kLedgerYears = 20;
Time FoundedAt();

// Where to ask.
struct Marks {
  std::uint64_t entries = 0;
  std::uint64_t height = 0;       // the newest
  std::uint64_t old_entries = 0;  // in the first half of the years
  std::uint64_t old_height = 0;
  std::uint64_t record = 0;  // index of a notification that was amended and reported, before both
  std::int64_t year = 0;     // the last one for which declarations are overdue
  std::int64_t old_year = 0;
};

// Fewest entries that are enough for so many states.
std::uint64_t EntriesMin(std::size_t states);

// Files exactly `entries` entries, no less than EntriesMin. Random, but the same on every run.
// `progress` is told how many there are, now and then. InvalidArgument: the rules refused one.
absl::StatusOr<Marks> WriteHistory(Chain& chain, std::vector<State>& states, std::uint64_t entries,
                                   const std::function<void(std::uint64_t)>& progress);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_HISTORY_H_
