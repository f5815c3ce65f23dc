#include "node/metrics/submissions.h"

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "prometheus/counter.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace assent::metrics {
namespace {

// Seconds. A block takes some round trips and a sync of the disk.
const prometheus::Histogram::BucketBoundaries kLatencyBounds = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

constexpr char kOtherReason[] = "OTHER";

}  // namespace

class CountedSubmissions::Counts {
 public:
  Counts()
      : outcomes_(prometheus::BuildCounter()
                      .Name("assent_submissions_total")
                      .Help("Entries submitted at this node, by what became of them.")
                      .Register(registry)),
        final_(outcomes_.Add({{"outcome", "final"}})),
        taken_(outcomes_.Add({{"outcome", "taken"}})),
        refused_(outcomes_.Add({{"outcome", "refused"}})),
        failed_(outcomes_.Add({{"outcome", "failed"}})),
        reasons_(prometheus::BuildCounter()
                     .Name("assent_submissions_refused_total")
                     .Help("Entries submitted at this node that the rules refused, by reason.")
                     .Register(registry)),
        latency_(prometheus::BuildHistogram()
                     .Name("assent_finality_latency_seconds")
                     .Help("From submission at this node until the entry is final here.")
                     .Register(registry)
                     .Add({}, kLatencyBounds)) {}

  void Count(const replica::SubmitOutcome& outcome, bool waited, Duration took) {
    if (outcome.refusal) {
      refused_.Increment();
      CountReason(outcome.refusal->reason);
    } else if (!outcome.status.ok()) {
      failed_.Increment();
    } else if (outcome.final_index) {
      final_.Increment();
      if (waited) latency_.Observe(static_cast<double>(took.us) / 1e6);
    } else {
      taken_.Increment();
    }
  }

  prometheus::Registry registry;

 private:
  void CountReason(const std::string& reason) {
    {
      const std::lock_guard lock(mutex_);
      if (known_.size() >= kReasonsMax && !known_.contains(reason)) {
        reasons_.Add({{"reason", kOtherReason}}).Increment();
        return;
      }
      known_.insert(reason);
    }
    reasons_.Add({{"reason", reason}}).Increment();
  }

  prometheus::Family<prometheus::Counter>& outcomes_;
  prometheus::Counter& final_;
  prometheus::Counter& taken_;
  prometheus::Counter& refused_;
  prometheus::Counter& failed_;
  prometheus::Family<prometheus::Counter>& reasons_;
  prometheus::Histogram& latency_;

  std::mutex mutex_;
  std::set<std::string> known_;  // guarded by mutex_; at most kReasonsMax
};

CountedSubmissions::CountedSubmissions(replica::Submitter* submitter, const replica::Clock* clock)
    : submitter_(submitter), clock_(clock), counts_(std::make_shared<Counts>()) {}

void CountedSubmissions::Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) {
  const std::int64_t began_us = clock_->MonotonicUs();
  auto over = [done] { return done.over(); };
  submitter_->Submit(std::move(entry), wait_until_final,
                     {[counts = counts_, clock = clock_, wait_until_final, began_us,
                       done = std::move(done)](replica::SubmitOutcome outcome) {
                        counts->Count(outcome, wait_until_final,
                                      Microseconds(clock->MonotonicUs() - began_us));
                        done(std::move(outcome));
                      },
                      std::move(over)});
}

void CountedSubmissions::PendingHead(const MemberCode& author,
                                     std::function<void(std::optional<AuthorHead>)> done) {
  submitter_->PendingHead(author, std::move(done));
}

std::vector<prometheus::MetricFamily> CountedSubmissions::Collect() const {
  return counts_->registry.Collect();
}

}  // namespace assent::metrics
