// One period of load on a target, closed loop or open loop, and what was measured.
//
// Closed loop: each client sends its next payload when the one before is answered. Open loop: a
// payload is due every 1/rate seconds whatever the answers do, and its latency counts from when it
// was due, so that a stall is seen in all payloads that it held up.
#ifndef ASSENT_TESTS_BENCH_LOAD_LOAD_H_
#define ASSENT_TESTS_BENCH_LOAD_LOAD_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/load/process.h"
#include "tests/bench/load/target.h"

namespace assent::bench {

// Open loop: so many under way at most for each node, below what a node lets wait for one author.
// What is due beyond that waits here, and its latency with it.
inline constexpr std::size_t kUnderWayPerNodeMax = 768;

struct LoadOptions {
  std::size_t clients = 1;  // closed loop: shared out over the nodes
  double rate = 0;          // open loop: payloads a second; 0: closed loop
  std::chrono::milliseconds warmup{2'000};
  std::chrono::milliseconds measured{10'000};
};

// Of the measured time only.
struct LoadResult {
  LoadOptions options;
  double seconds = 0;                      // what the measured time really was
  std::uint64_t completed = 0;             // answers that came
  std::vector<std::int64_t> latencies_us;  // of payloads that were due, sorted
  std::vector<Usage> nodes;                // CPU and writes used; memory at the end
  Usage self;                              // of this program

  double Throughput() const { return static_cast<double>(completed) / seconds; }
  // The smallest latency that at least this share of the payloads did not exceed; 0 without any.
  double PercentileMs(double share) const;
  double NodesCpuSeconds() const;
};

// Returns when every payload is answered. The first that fails ends the load, and is the status.
absl::StatusOr<LoadResult> RunLoad(Target& target, const LoadOptions& options);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_LOAD_H_
