// The clocks of the machine.
#ifndef ASSENT_NODE_SYSTEM_CLOCK_H_
#define ASSENT_NODE_SYSTEM_CLOCK_H_

#include <chrono>

#include "node/replica/clock.h"

namespace assent::node {

class SystemClock : public replica::Clock {
 public:
  Time Wall() const override { return {SinceEpochUs<std::chrono::system_clock>()}; }
  std::int64_t MonotonicUs() const override { return SinceEpochUs<std::chrono::steady_clock>(); }

 private:
  template <class C>
  static std::int64_t SinceEpochUs() {
    return std::chrono::duration_cast<std::chrono::microseconds>(C::now().time_since_epoch()).count();
  }
};

}  // namespace assent::node

#endif  // ASSENT_NODE_SYSTEM_CLOCK_H_
