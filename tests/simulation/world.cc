#include "tests/simulation/world.h"

#include <cstdio>

#include "ledger/bytes.h"

namespace assent::simulation {

void World::After(Duration delay, std::function<void()> action) {
  actions_.emplace(std::pair(now_us_ + delay.us, asked_++), std::move(action));
}

bool World::Run(std::int64_t until_us, const std::function<bool()>& stop) {
  std::uint64_t at_this_instant = 0;
  while (!actions_.empty() && actions_.begin()->first.first <= until_us && !stop()) {
    auto next = actions_.extract(actions_.begin());
    at_this_instant = next.key().first == now_us_ ? at_this_instant + 1 : 0;
    if (at_this_instant > kActionsPerInstantMax) return false;
    now_us_ = next.key().first;
    next.mapped()();
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
