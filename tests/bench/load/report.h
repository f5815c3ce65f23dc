// The figures of a run, for people and for programs.
#ifndef ASSENT_TESTS_BENCH_LOAD_REPORT_H_
#define ASSENT_TESTS_BENCH_LOAD_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/bench/load/load.h"
#include "tests/bench/load/target.h"

namespace assent::bench {

// The machine, as it was when the run began: figures from a busy one are not comparable.
struct Machine {
  unsigned processors = 0;
  double load_average = 0;  // of the last minute
  std::string time;         // RFC 3339
};
Machine ThisMachine();

struct TargetReport {
  std::string target;
  Conditions conditions;
  std::vector<LoadResult> loads;
  std::string checked;        // what was found right after the load
  double verify_seconds = 0;  // one check of an entry's signature; 0: the target has none
};

struct Report {
  Machine machine;
  std::size_t nodes = 0;
  std::size_t connections = 0;  // to each node
  std::size_t payload_bytes = 0;
  std::vector<TargetReport> targets;
};

// Share of the nodes' CPU that went into entries' signatures, when each node checks each once; an
// estimate.
double SignatureShare(const TargetReport& target, const LoadResult& load);

std::string FormatText(const Report& report);
std::string FormatJson(const Report& report);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_REPORT_H_
