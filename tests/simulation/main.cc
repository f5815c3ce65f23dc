// assent_simulation: many runs, each repeatable from its seed.
#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <string>

#include "tests/simulation/simulation.h"
#include "tests/simulation/stage.h"

namespace {

using assent::simulation::Run;
using assent::simulation::RunOptions;
using assent::simulation::RunResult;

// Every so many seeds one is run twice: the transcripts must be the same.
constexpr std::uint64_t kTwiceEvery = 10;

void Report(const RunOptions& options, const RunResult& result) {
  std::printf(
      "seed %" PRIu64 " nodes %zu: height %" PRIu64 ", %" PRIu64 " votes, %" PRIu64
      " crashes, %" PRIu64 " wipes, %" PRIu64 " attackers, calm after %.1f s, %016" PRIx64 "\n",
      options.seed, options.nodes, result.height, result.votes, result.crashes, result.wipes,
      result.attackers, static_cast<double>(result.calm_us) / 1e6, result.transcript);
}

bool RunOne(const RunOptions& options, bool report) {
  const RunResult result = Run(options);
  if (result.failure) {
    std::printf("seed %" PRIu64
                " failed: %s\nto replay: assent_simulation%s --nodes %zu --seed %" PRIu64
                " --verbose\n",
                options.seed, result.failure->c_str(), options.replica ? " --replica" : "",
                options.nodes, options.seed);
    return false;
  }
  if (report) Report(options, result);
  if (options.seed % kTwiceEvery != 0 || options.verbose) return true;
  if (Run(options).transcript == result.transcript) return true;
  std::printf("seed %" PRIu64 " failed: the same seed gave two different runs\n", options.seed);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("simulated runs of the ordering protocol");
  RunOptions options;
  std::uint64_t seeds = 10;
  std::uint64_t first = 1;
  std::uint64_t only = 0;
  bool report = false;
  app.add_option("--nodes", options.nodes, "voters")->check(CLI::Range(1, 200));
  app.add_flag("--replica", options.replica, "whole replicas: real rules, pool and execution");
  app.add_option("--seeds", seeds, "how many seeds to run");
  app.add_option("--first-seed", first, "the first of them");
  app.add_option("--seed", only, "run this seed only");
  app.add_flag("--report", report, "print a line for every run");
  app.add_flag("--verbose", options.verbose, "print everything that happens");
  CLI11_PARSE(app, argc, argv);
  if (options.replica && options.nodes > assent::simulation::kReplicaNodesMax) {
    std::fprintf(stderr, "with --replica at most %zu nodes\n",
                 assent::simulation::kReplicaNodesMax);
    return 2;
  }
  if (only != 0) {
    first = only;
    seeds = 1;
    report = true;
  }
  std::uint64_t failures = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    options.seed = seed;
    if (!RunOne(options, report)) ++failures;
  }
  std::printf("%" PRIu64 " of %" PRIu64 " seeds with %zu nodes passed\n", seeds - failures, seeds,
              options.nodes);
  return failures == 0 ? 0 : 1;
}
