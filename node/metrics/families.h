// The metrics that are read when they are asked for: docs/metrics.md has the table.
#ifndef ASSENT_NODE_METRICS_FAMILIES_H_
#define ASSENT_NODE_METRICS_FAMILIES_H_

#include <functional>
#include <utility>
#include <vector>

#include "node/metrics/snapshot.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace assent::metrics {

// Every family, those without a sample at present too. Pure.
std::vector<prometheus::MetricFamily> FamiliesOf(const Snapshot& snapshot);

// Takes a snapshot for each scrape. Any thread.
class SnapshotCollector : public prometheus::Collectable {
 public:
  explicit SnapshotCollector(std::function<Snapshot()> take) : take_(std::move(take)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return FamiliesOf(take_()); }

 private:
  const std::function<Snapshot()> take_;
};

}  // namespace assent::metrics

#endif  // ASSENT_NODE_METRICS_FAMILIES_H_
