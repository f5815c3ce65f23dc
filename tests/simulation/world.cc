#include "tests/simulation/world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "ledger/bytes.h"

namespace assent::simulation {

void World::After(Duration delay, Action action) {
  if (free_.empty()) {
    free_.push_back(actions_.size());
    actions_.emplace_back();
  }
  const std::size_t place = free_.back();
  free_.pop_back();
  actions_[place] = std::move(action);
  events_.push_back({now_us_ + delay.us, asked_++, place});
  std::ranges::push_heap(events_, IsLater());
}

bool World::Run(std::int64_t until_us, const std::function<bool()>& stop) {
  std::uint64_t at_this_instant = 0;
  while (!events_.empty() && events_.front().at_us <= until_us && !stop()) {
    const Event next = events_.front();
    std::ranges::pop_heap(events_, IsLater());
    events_.pop_back();
    Action action = std::move(actions_[next.action]);
    free_.push_back(next.action);
    at_this_instant = next.at_us == now_us_ ? at_this_instant + 1 : 0;
    if (at_this_instant > kActionsPerInstantMax) return false;
    now_us_ = next.at_us;
    action();
  }
  if (!stop()) now_us_ = until_us;
  return true;
}

void World::Note(std::string_view what, std::uint64_t who, std::string_view detail) {
  std::string numbers;
  AppendU64(numbers, static_cast<std::uint64_t>(now_us_));
  AppendU64(numbers, who);
  Hash(numbers);
  Hash(what);
  Hash(detail);
  ++notes_;
  if (!verbose_) return;
  std::printf("%10.3f ms  node %llu  %.*s  %s\n", static_cast<double>(now_us_) / 1e3,
              static_cast<unsigned long long>(who), static_cast<int>(what.size()), what.data(),
              std::string(detail).c_str());
}

void World::Hash(std::string_view bytes) {
  for (const char c : bytes) {
    transcript_ = (transcript_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
}

}  // namespace assent::simulation
