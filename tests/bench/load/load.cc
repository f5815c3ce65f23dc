#include "tests/bench/load/load.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ledger/check.h"

namespace assent::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Sample {
  Clock::time_point due;
  Clock::time_point answered;
};

class Load {
 public:
  Load(Target& target, const LoadOptions& options) : target_(target), options_(options) {}

  absl::StatusOr<LoadResult> Run() {
    const Clock::time_point start = Clock::now();
    std::thread dispatcher;
    if (options_.rate > 0) {
      dispatcher = std::thread([this, start] { SendAtRate(start); });
    } else {
      for (std::size_t client = 0; client < options_.clients; ++client) Send(client, Clock::now());
    }
    auto result = Measure(start);
    {
      std::unique_lock lock(mutex_);
      stopped_ = true;
      changed_.notify_all();
    }
    if (dispatcher.joinable()) dispatcher.join();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
    if (!status_.ok()) return status_;
    if (result.ok()) Evaluate(*result);
    return result;
  }

 private:
  // What the processes have used up to now: the nodes, then this program.
  absl::StatusOr<std::vector<Usage>> Usages() const {
    std::vector<Usage> usages;
    for (const Process& node : target_.nodes()) {
      const auto usage = UsageOf(node.pid());
      if (!usage.ok()) return usage.status();
      usages.push_back(*usage);
    }
    const auto self = UsageOf(::getpid());
    if (!self.ok()) return self.status();
    usages.push_back(*self);
    return usages;
  }

  absl::StatusOr<LoadResult> Measure(Clock::time_point start) {
    if (!SleepUntil(start + options_.warmup)) return status_;
    begin_ = Clock::now();
    const auto before = Usages();
    if (!SleepUntil(begin_ + options_.measured)) return status_;
    end_ = Clock::now();
    const auto after = Usages();
    if (!before.ok()) return before.status();
    if (!after.ok()) return after.status();

    LoadResult result;
    result.options = options_;
    result.seconds = std::chrono::duration<double>(end_ - begin_).count();
    for (std::size_t i = 0; i < after->size(); ++i) {
      Usage used = (*after)[i];
      used.cpu_seconds -= (*before)[i].cpu_seconds;
      used.written_bytes -= (*before)[i].written_bytes;
      result.nodes.push_back(used);
    }
    result.self = result.nodes.back();
    result.nodes.pop_back();
    return result;
  }

  // False when the load has failed.
  bool SleepUntil(Clock::time_point when) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, when, [this] { return !status_.ok(); });
    return status_.ok();
  }

  void SendAtRate(Clock::time_point start) {
    const std::size_t nodes = target_.nodes().size();
    const std::size_t under_way_max = nodes * kUnderWayPerNodeMax;
    for (std::uint64_t number = 0;; ++number) {
      const auto due = start + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                   static_cast<double>(number) * 1e9 / options_.rate));
      std::this_thread::sleep_until(due);
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || under_way_ < under_way_max; });
        if (stopped_) return;
      }
      Send(number, due);
    }
  }

  void Send(std::size_t client, Clock::time_point due) {
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    target_.Send(client % target_.nodes().size(), [this, client, due](const absl::Status& status) {
      Answered(client, due, status);
    });
  }

  void Answered(std::size_t client, Clock::time_point due, const absl::Status& status) {
    const Clock::time_point now = Clock::now();
    bool again = false;
    {
      const std::lock_guard lock(mutex_);
      if (status.ok()) {
        samples_.push_back({due, now});
      } else {
        status_.Update(status);
        stopped_ = true;
      }
      again = options_.rate <= 0 && !stopped_;
      if (again) ++under_way_;
      --under_way_;
      // Under the lock: at the last answer Run() may return, and this object be gone.
      changed_.notify_all();
    }
    if (!again) return;
    target_.Send(client % target_.nodes().size(), [this, client, now](const absl::Status& answer) {
      Answered(client, now, answer);
    });
  }

  void Evaluate(LoadResult& result) const {
    for (const Sample& sample : samples_) {
      if (sample.answered >= begin_ && sample.answered < end_) ++result.completed;
      if (sample.due < begin_ || sample.due >= end_) continue;
      result.latencies_us.push_back(
          std::chrono::duration_cast<std::chrono::microseconds>(sample.answered - sample.due)
              .count());
    }
    std::sort(result.latencies_us.begin(), result.latencies_us.end());
  }

  Target& target_;
  const LoadOptions options_;
  Clock::time_point begin_;  // of the measured time; Run()'s thread
  Clock::time_point end_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  bool stopped_ = false;
  absl::Status status_;
  std::vector<Sample> samples_;
};

}  // namespace

double LoadResult::PercentileMs(double share) const {
  ASSENT_CHECK(share > 0 && share <= 1);
  if (latencies_us.empty()) return 0;
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(latencies_us.size())));
  return static_cast<double>(latencies_us[rank - 1]) / 1'000;
}

double LoadResult::NodesCpuSeconds() const {
  double sum = 0;
  for (const Usage& usage : nodes) sum += usage.cpu_seconds;
  return sum;
}

absl::StatusOr<LoadResult> RunLoad(Target& target, const LoadOptions& options) {
  return Load(target, options).Run();
}

}  // namespace assent::bench
