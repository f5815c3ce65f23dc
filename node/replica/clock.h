// Time as the replica is given it.
#ifndef ASSENT_NODE_REPLICA_CLOCK_H_
#define ASSENT_NODE_REPLICA_CLOCK_H_

#include <cstdint>

#include "ledger/types.h"

namespace assent::replica {

// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds UTC; may jump.
  virtual Time Wall() const = 0;
  // Microseconds from some fixed instant; never goes back.
  virtual std::int64_t MonotonicUs() const = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_CLOCK_H_
