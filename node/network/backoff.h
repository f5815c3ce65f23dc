// How long to wait before dialling again.
#ifndef ASSENT_NODE_NETWORK_BACKOFF_H_
#define ASSENT_NODE_NETWORK_BACKOFF_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace assent::network {

// Doubles from `first` to `max`. Half of each pause is chance, so that nodes which lost each other
// do not dial in step. One thread.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds max, std::uint32_t seed)
      : first_(first), max_(max), full_(first), random_(seed) {}

  // The next pause: from half of the full one to all of it.
  std::chrono::milliseconds Next() {
    const std::chrono::milliseconds full = full_;
    full_ = std::min(full_ * 2, max_);
    std::uniform_int_distribution<std::int64_t> pause_ms(full.count() / 2, full.count());
    return std::chrono::milliseconds(pause_ms(random_));
  }
  void Reset() { full_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds max_;
  std::chrono::milliseconds full_;
  std::minstd_rand random_;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_BACKOFF_H_
