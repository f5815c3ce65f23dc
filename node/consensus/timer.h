// How long a view may take.
#ifndef ASSENT_NODE_CONSENSUS_TIMER_H_
#define ASSENT_NODE_CONSENSUS_TIMER_H_

#include <cstdint>
#include <optional>

#include "node/consensus/config.h"

namespace assent::consensus {

// T0 * growth^views, capped: the patience for a view that `views` others separate from the last
// final one.
Duration ViewTimeout(const Timing& timing, std::uint64_t views);

// The timer of the present view. It runs only while there is work.
class ViewTimer {
 public:
  bool running() const { return end_.has_value(); }
  // Starts it when it does not run.
  void Start(Instant now, Duration timeout) {
    if (!end_) end_ = now + timeout;
  }
  void Stop() { end_.reset(); }
  bool Expired(Instant now) const { return end_ && *end_ <= now; }
  const std::optional<Instant>& end() const { return end_; }

 private:
  std::optional<Instant> end_;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_TIMER_H_
