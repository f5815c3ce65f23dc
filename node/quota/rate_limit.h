// How often each of many may do something: so many times a second, and some more at once after a
// pause.
#ifndef ASSENT_NODE_QUOTA_RATE_LIMIT_H_
#define ASSENT_NODE_QUOTA_RATE_LIMIT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace assent::quota {

// What is allowed in this time may come at one moment, when nothing has come before.
inline constexpr std::chrono::microseconds kBurst{5'000'000};
// Names that are counted apart. When more have come within kBurst, those that are new share one
// count.
inline constexpr std::size_t kNamesMax = 16'384;

// The generic cell rate algorithm (ITU-T I.371): of each name it keeps when its count will be back
// at nothing. Any thread.
class RateLimit {
 public:
  // `per_second`: from 1; more than a million are a million.
  explicit RateLimit(std::uint32_t per_second);

  // Nothing when it is allowed, and counted. Otherwise how long to wait before it is. `now_us` is
  // monotonic.
  std::optional<std::chrono::milliseconds> Take(const std::string& name, std::int64_t now_us);

 private:
  // Where the time of this name is kept.
  std::int64_t& TimeOf(const std::string& name, std::int64_t now_us);

  const std::int64_t interval_us_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> nothing_at_us_;  // guarded by mutex_, as all below
  std::int64_t others_nothing_at_us_ = 0;
  std::int64_t pruned_us_;
};

}  // namespace assent::quota

#endif  // ASSENT_NODE_QUOTA_RATE_LIMIT_H_
