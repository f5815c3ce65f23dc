#include "node/quota/rate_limit.h"

#include <algorithm>
#include <limits>

namespace assent::quota {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
// Looking through all names takes long, so it is not done for each that is new.
constexpr std::int64_t kPruneEachUs = kSecondUs;

}  // namespace

RateLimit::RateLimit(std::uint32_t per_second)
    : interval_us_(std::max<std::int64_t>(1, kSecondUs / std::max<std::int64_t>(1, per_second))),
      pruned_us_(std::numeric_limits<std::int64_t>::min() / 2) {}

std::int64_t& RateLimit::TimeOf(const std::string& name, std::int64_t now_us) {
  const auto found = nothing_at_us_.find(name);
  if (found != nothing_at_us_.end()) return found->second;
  if (nothing_at_us_.size() >= kNamesMax && now_us - pruned_us_ >= kPruneEachUs) {
    pruned_us_ = now_us;
    std::erase_if(nothing_at_us_, [now_us](const auto& one) { return one.second <= now_us; });
  }
  if (nothing_at_us_.size() >= kNamesMax) return others_nothing_at_us_;
  return nothing_at_us_[name];
}

std::optional<std::chrono::milliseconds> RateLimit::Take(const std::string& name,
                                                         std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  std::int64_t& nothing_at_us = TimeOf(name, now_us);
  const std::int64_t counted_us = std::max(nothing_at_us, now_us) + interval_us_;
  const std::int64_t early_us = counted_us - now_us - kBurst.count();
  if (early_us > 0) return std::chrono::milliseconds((early_us + 999) / 1'000);
  nothing_at_us = counted_us;
  return std::nullopt;
}

}  // namespace assent::quota
