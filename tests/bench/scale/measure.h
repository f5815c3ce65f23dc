// How a node starts and answers on a ledger that was made.
#ifndef ASSENT_TESTS_BENCH_SCALE_MEASURE_H_
#define ASSENT_TESTS_BENCH_SCALE_MEASURE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/scale/history.h"

namespace assent::bench {

// The times of one page, each asked for `calls` times, one after the other: of as many rows as all
// ledgers have on it, so that the same work is compared.
struct Timing {
  std::string name;
  std::size_t rows = 0;
  double first_ms = 0;  // of the first call, of a whole page, when nothing of it was read before
  double p50_ms = 0;
  double p99_ms = 0;
};

struct LedgerReport {
  Marks marks;
  std::uint64_t disk_bytes = 0;            // of the data folder
  double start_seconds = 0;                // from the start of the process to its first answer
  std::uint64_t resident_start_bytes = 0;  // right after that
  std::uint64_t resident_bytes = 0;        // after all questions
  std::vector<Timing> timings;
};

struct MeasureOptions {
  std::string assent_node;
  std::size_t calls = 50;
};

// Starts a node on each folder, one after the other, asks them everything by turns, so that what
// else the machine does is the same for all, and ends them.
absl::StatusOr<std::vector<LedgerReport>> MeasureFolders(const std::vector<std::string>& folders,
                                                         const MeasureOptions& options);

// A line for each page that all reports have, with the times in the last report over those in the
// first.
std::string FormatScaleText(const std::vector<LedgerReport>& reports);
std::string FormatScaleJson(const std::vector<LedgerReport>& reports);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_MEASURE_H_
