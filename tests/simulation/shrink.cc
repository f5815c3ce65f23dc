#include "tests/simulation/shrink.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "ledger/membership/voters.h"

namespace assent::simulation {
namespace {

constexpr std::size_t kTriesMax = 400;
constexpr std::chrono::seconds kTimeMax{180};
constexpr std::chrono::seconds kTellEvery{10};

// Which check failed: its words before the colon, whoever it was about.
std::string CheckOf(const std::string& failure) {
  std::string check = failure.substr(0, failure.find(':'));
  std::erase_if(check, [](char c) { return c >= '0' && c <= '9'; });
  return check;
}

class Shrinker {
 public:
  Shrinker(const RunOptions& options, const RunResult& failed)
      : options_(options), failed_(failed), check_(CheckOf(*failed.failure)) {
    options_.verbose = false;
  }

  RunOptions Shrink() {
    LeaveOutKinds();
    LeaveOutEvents();
    if (!options_.off.contains("attackers")) {
      const auto most =
          static_cast<std::int64_t>(std::min(failed_.hostile, FaultsOf(options_.nodes)));
      Lower(most, [](RunOptions& options, std::int64_t count) {
        options.attackers = static_cast<std::size_t>(count);
      });
    }
    Tell();
    Lower(failed_.end_us / 1'000'000 + 1,
          [](RunOptions& options, std::int64_t seconds) { options.storm_s_max = seconds; });
    Tell();
    return options_;
  }

 private:
  // Takes what still fails.
  bool Try(RunOptions smaller) {
    if (tries_ == kTriesMax || Clock::now() - begin_ > kTimeMax) return false;
    ++tries_;
    RunResult result = Run(smaller);
    const bool fails = result.failure && CheckOf(*result.failure) == check_;
    if (fails) {
      options_ = std::move(smaller);
      failed_ = std::move(result);
    }
    if (Clock::now() - told_ > kTellEvery) Tell();
    return fails;
  }

  void LeaveOutKinds() {
    for (const auto& fault : kFaults) {
      RunOptions smaller = options_;
      if (smaller.off.emplace(fault).second) Try(std::move(smaller));
    }
    Tell();
  }

  // All at once, then halves, quarters, and at last each by itself, until none can be left out.
  void LeaveOutEvents() {
    for (std::size_t size = failed_.events.size(); size > 0;) {
      const std::size_t before = failed_.events.size();
      for (std::size_t at = 0; at < failed_.events.size();) {
        const auto begin = failed_.events.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end =
            begin + static_cast<std::ptrdiff_t>(std::min(size, failed_.events.size() - at));
        RunOptions smaller = options_;
        smaller.only_events.emplace(failed_.events.begin(), begin);
        smaller.only_events->insert(end, failed_.events.end());
        if (!Try(std::move(smaller))) at += size;
      }
      if (size > 1 || failed_.events.size() == before) size /= 2;
    }
    Tell();
  }

  // To the least number with which it fails, as far as halving finds it.
  void Lower(std::int64_t fails, void (*set)(RunOptions&, std::int64_t)) {
    for (std::int64_t passes = -1; fails - passes > 1;) {
      const std::int64_t middle = (passes + fails) / 2;
      RunOptions smaller = options_;
      set(smaller, middle);
      (Try(std::move(smaller)) ? fails : passes) = middle;
    }
  }

  void Tell() {
    told_ = Clock::now();
    std::printf("  shrinking: %zu tries, %zu faults, %zu hostile, %.0f s of virtual time\n", tries_,
                failed_.events.size(), failed_.hostile, static_cast<double>(failed_.end_us) / 1e6);
    std::fflush(stdout);
  }

  using Clock = std::chrono::steady_clock;

  RunOptions options_;  // the smallest that fails
  RunResult failed_;    // what it gives
  const std::string check_;
  std::size_t tries_ = 0;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point told_ = begin_;
};

}  // namespace

RunOptions Shrink(const RunOptions& options, const RunResult& failed) {
  return Shrinker(options, failed).Shrink();
}

}  // namespace assent::simulation
