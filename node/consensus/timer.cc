#include "node/consensus/timer.h"

#include <algorithm>

namespace assent::consensus {

Duration ViewTimeout(const Timing& timing, std::uint64_t views) {
  Duration timeout = timing.view_timeout;
  for (; views > 0 && timeout < timing.view_timeout_max; --views) {
    const Duration longer{timeout.us / timing.growth_den * timing.growth_num};
    if (longer <= timeout) break;
    timeout = longer;
  }
  return std::min(timeout, timing.view_timeout_max);
}

}  // namespace assent::consensus
