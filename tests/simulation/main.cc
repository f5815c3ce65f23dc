// assent_simulation: many runs, each repeatable from its seed.
#include <google/protobuf/stubs/logging.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/membership/voters.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/stage.h"

// Of the sanitizers, where one is linked. Source: sanitizer/common_interface_defs.h of clang and
// gcc.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using assent::FaultsOf;
using assent::simulation::FaultsOff;
using assent::simulation::kFaults;
using assent::simulation::Run;
using assent::simulation::RunOptions;
using assent::simulation::RunResult;
using assent::simulation::Shrink;
using assent::simulation::Traffic;

// Every so many seeds one is run twice: the transcripts must be the same.
constexpr std::uint64_t kTwiceEvery = 10;

constexpr const char* kNoEvents = "none";
// As tests/mutations/run reads it.
constexpr const char* kEnded = "its process was ended";
// As tests/commit says it.
constexpr const char* kAskGit =
    "git describe --always --abbrev=12 --exclude='*' --dirty=' + changes' 2>/dev/null";

// What all runs together have done.
struct Totals {
  std::uint64_t blocks = 0;
  std::int64_t simulated_us = 0;
  std::map<std::string, std::uint64_t> attackers;  // runs with one of this kind
  std::map<std::string, std::uint64_t> faults;     // times that one of this kind was injected
};

void ReportTraffic(const char* whose, std::size_t nodes, const Traffic& traffic,
                   std::uint64_t blocks) {
  if (nodes == 0 || blocks == 0) return;
  const auto each = [&](std::uint64_t sum, std::size_t by) {
    return static_cast<double>(sum) / static_cast<double>(blocks * by);
  };
  std::printf("  %zu %s nodes sent %" PRIu64 " messages of %" PRIu64
              " bytes: for each final block %.0f and %.0f, of each node %.1f and %.0f\n",
              nodes, whose, traffic.messages, traffic.bytes, each(traffic.messages, 1),
              each(traffic.bytes, 1), each(traffic.messages, nodes), each(traffic.bytes, nodes));
}

void Report(const RunOptions& options, const RunResult& result) {
  std::printf("seed %" PRIu64 " nodes %zu: height %" PRIu64 ", %" PRIu64 " votes, %" PRIu64
              " crashes, %" PRIu64 " wipes, attackers: %s%s, calm after %.1f s, %016" PRIx64 "\n",
              options.seed, options.nodes, result.height, result.votes, result.crashes,
              result.wipes,
              result.attackers.empty() ? "none" : absl::StrJoin(result.attackers, ", ").c_str(),
              result.summary.c_str(), static_cast<double>(result.calm_us) / 1e6, result.transcript);
}

void Add(const RunResult& result, Totals& totals) {
  totals.blocks += result.height;
  totals.simulated_us += result.end_us;
  for (const std::string_view kind : std::set(result.attackers.begin(), result.attackers.end())) {
    ++totals.attackers[std::string(kind)];
  }
  for (const std::string& event : result.events) ++totals.faults[event.substr(0, event.rfind('-'))];
}

void Report(const char* what, const std::map<std::string, std::uint64_t>& counts) {
  std::printf("  %s: %s\n", what, absl::StrJoin(counts, ", ", absl::PairFormatter(" ")).c_str());
}

void ReportTraffic(const RunResult& result) {
  std::printf("  %" PRIu64 " final blocks in %.0f s of virtual time\n", result.height,
              static_cast<double>(result.end_us) / 1e6);
  ReportTraffic("honest", result.machines - result.hostile, result.of_honest, result.height);
  ReportTraffic("hostile", result.hostile, result.of_hostile, result.height);
}

// What repeats a run.
std::string Command(const RunOptions& options) {
  std::string command = "tests/simulation/run";
  if (!options.replica) command += " --cores";
  command += absl::StrCat(" --nodes ", options.nodes);
  if (options.attackers) command += absl::StrCat(" --attackers ", *options.attackers);
  command += absl::StrCat(" --seed ", options.seed);
  if (!options.off.empty()) command += " --without " + absl::StrJoin(options.off, ",");
  if (options.only_events) {
    command += " --only-events ";
    command += options.only_events->empty() ? kNoEvents : absl::StrJoin(*options.only_events, ",");
  }
  if (options.storm_s_max) command += absl::StrCat(" --storm ", *options.storm_s_max);
  return command;
}

// Of the tree that this was built from: whoever starts it says so, or else the tree that it is
// started in.
std::string AskCommit() {
  if (const char* said = std::getenv("ASSENT_COMMIT")) return said;
  std::string answer;
  if (std::FILE* git = popen(kAskGit, "r")) {
    for (int c = std::fgetc(git); c != EOF && c != '\n'; c = std::fgetc(git)) {
      answer += static_cast<char>(c);
    }
    pclose(git);
  }
  return answer.empty() ? "unknown" : answer;
}

std::string commit = "unknown";

std::string Failure(const RunOptions& options, const std::string& failure) {
  return absl::StrCat("seed ", options.seed, " failed: ", failure, "\ncommit ", commit,
                      "\nto replay: ", Command(options), " --verbose\n");
}

void ReportFailure(const RunOptions& options, const std::string& failure) {
  std::fputs(Failure(options, failure).c_str(), stdout);
  std::fflush(stdout);
}

// What is said when something else than a checker ends the run that is under way: a check of the
// node's own, a fault of memory, a sanitizer, or whoever has waited long enough. Made before the
// run, since little can be done then; empty between runs.
std::string last_words;

void SayLastWords() {
  std::fflush(stdout);
  std::fputs(last_words.c_str(), stdout);
  std::fflush(stdout);
  last_words.clear();
}

void OnSignal(int signal) {
  SayLastWords();
  std::raise(signal);  // no longer handled
}

void SayLastWordsWhenKilled() {
  std::vector<int> signals{SIGABRT, SIGTERM};
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(SayLastWords);  // it sees the others itself, and says more
  } else {
    signals.insert(signals.end(), {SIGSEGV, SIGBUS, SIGFPE, SIGILL});
  }
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

struct Wanted {
  bool report = false;
  bool traffic = false;
  bool shrink = true;  // the first that fails
};

bool RunOne(const RunOptions& options, Wanted& wanted, Totals& totals) {
  last_words = Failure(options, kEnded);
  const absl::Cleanup done = [] { last_words.clear(); };
  const RunResult result = Run(options);
  Add(result, totals);
  if (result.failure) {
    ReportFailure(options, *result.failure);
    last_words.clear();
    if (!std::exchange(wanted.shrink, false)) return false;
    const RunOptions small = Shrink(options, result);
    std::printf("with less: %s --verbose\n  %s\n", Command(small).c_str(),
                Run(small).failure.value_or("it does not fail again").c_str());
    return false;
  }
  if (wanted.report) Report(options, result);
  if (wanted.traffic) ReportTraffic(result);
  std::fflush(stdout);
  if (options.seed % kTwiceEvery != 0 || options.verbose || !options.trace.empty()) return true;
  if (Run(options).transcript == result.transcript) return true;
  ReportFailure(options, "the same seed gave two different runs");
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);  // attackers send bytes that it would complain of
  CLI::App app("simulated runs of the ordering protocol");
  RunOptions options;
  std::uint64_t seeds = 10;
  std::uint64_t first = 1;
  std::uint64_t only = 0;
  Wanted wanted;
  Totals totals;
  bool no_shrink = false;
  std::vector<std::string> without;
  std::vector<std::string> events;
  app.add_option("--nodes", options.nodes, "voters")->check(CLI::Range(1, 200));
  app.add_flag("--replica", options.replica, "whole replicas: real rules, pool and execution");
  app.add_option("--seeds", seeds, "how many seeds to run");
  app.add_option("--first-seed", first, "the first of them");
  app.add_option("--seed", only, "run this seed only");
  const std::vector<std::string> faults(kFaults.begin(), kFaults.end());
  app.add_option("--without", without, "leave out: " + absl::StrJoin(faults, ", "))
      ->delimiter(',')
      ->check(CLI::IsMember(faults));
  app.add_option("--only-events", events,
                 "of what goes wrong in the storm only these, such as crash-3,slow-1, as --verbose "
                 "names them; none: nothing")
      ->delimiter(',');
  app.add_option("--storm", options.storm_s_max, "end the storm after so many seconds, at most")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--trace", options.trace,
                 "write what the cores are told and do to this file; with --seed");
  app.add_option("--attackers", options.attackers,
                 "so many hostile nodes, at most f (default: as many as each seed says)");
  app.add_flag("--report", wanted.report, "print a line for every run");
  app.add_flag("--traffic", wanted.traffic, "print what the nodes of every run have sent");
  app.add_flag("--no-shrink", no_shrink, "do not look for less that fails");
  app.add_flag("--verbose", options.verbose, "print everything that happens");
  CLI11_PARSE(app, argc, argv);
  if (options.attackers.value_or(0) > FaultsOf(options.nodes)) {
    std::fprintf(stderr, "--attackers: of %zu nodes at most %zu are hostile\n", options.nodes,
                 FaultsOf(options.nodes));
    return 2;
  }
  if (options.replica && options.nodes > assent::simulation::kReplicaNodesMax) {
    std::fprintf(stderr, "with --replica at most %zu nodes\n",
                 assent::simulation::kReplicaNodesMax);
    return 2;
  }
  if (!options.trace.empty() && only == 0) {
    std::fprintf(stderr, "--trace is of one run: give --seed\n");
    return 2;
  }
  options.off = FaultsOff(without.begin(), without.end());
  if (!events.empty()) {
    std::erase(events, kNoEvents);
    options.only_events.emplace(events.begin(), events.end());
  }
  commit = AskCommit();
  SayLastWordsWhenKilled();
  if (only != 0) {
    first = only;
    seeds = 1;
    wanted.report = true;
  }
  wanted.shrink = !no_shrink && only == 0;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    options.seed = seed;
    if (!RunOne(options, wanted, totals)) ++failures;
  }
  std::printf("%" PRIu64 " of %" PRIu64 " seeds with %zu nodes passed: %" PRIu64
              " final blocks in %.1f h of virtual time\n",
              seeds - failures, seeds, options.nodes, totals.blocks,
              static_cast<double>(totals.simulated_us) / 3.6e9);
  if (wanted.report) {
    Report("runs in which each attacker took part", totals.attackers);
    Report("times that each fault was injected", totals.faults);
  }
  return failures == 0 ? 0 : 1;
}
