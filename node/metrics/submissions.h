// Counts what becomes of the entries that are submitted at this node, and how long finality takes.
#ifndef ASSENT_NODE_METRICS_SUBMISSIONS_H_
#define ASSENT_NODE_METRICS_SUBMISSIONS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "node/replica/clock.h"
#include "node/replica/submit.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace assent::metrics {

// Stands between the services and the submitter. Any thread. What is under way may end after it.
class CountedSubmissions : public replica::Submitter, public prometheus::Collectable {
 public:
  // Reasons of refusals that are counted by name; those above count as "OTHER".
  static constexpr std::size_t kReasonsMax = 512;

  // Both outlive this and what is under way.
  CountedSubmissions(replica::Submitter* submitter, const replica::Clock* clock);

  void Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) override;
  void PendingHead(const MemberCode& author,
                   std::function<void(std::optional<AuthorHead>)> done) override;

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  class Counts;

  replica::Submitter* const submitter_;
  const replica::Clock* const clock_;
  const std::shared_ptr<Counts> counts_;
};

}  // namespace assent::metrics

#endif  // ASSENT_NODE_METRICS_SUBMISSIONS_H_
