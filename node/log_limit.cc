#include "node/log_limit.h"

#include <algorithm>
#include <limits>

namespace assent::node {

bool LogLimit::Admit(replica::LogLevel level, std::string_view event, std::string_view peer,
                     std::int64_t now_us) {
  const auto [found, first] =
      windows_.try_emplace(std::pair(std::string(event), std::string(peer)));
  Window& window = found->second;
  if (first) window.begun_us = now_us;
  if (++window.lines <= kLinesMax) return true;
  ++window.left_out;
  window.level = std::max(window.level, level);
  return false;
}

std::vector<LogLimit::LeftOut> LogLimit::Take(std::int64_t begun_before_us) {
  std::vector<LeftOut> taken;
  std::erase_if(windows_, [&](const auto& item) {
    const auto& [name, window] = item;
    if (window.begun_us > begun_before_us) return false;
    if (window.left_out > 0) {
      taken.push_back({window.level, name.first, name.second, window.left_out});
    }
    return true;
  });
  return taken;
}

std::vector<LogLimit::LeftOut> LogLimit::TakeEnded(std::int64_t now_us) {
  return Take(now_us - kWindowUs);
}

std::vector<LogLimit::LeftOut> LogLimit::TakeAll() {
  return Take(std::numeric_limits<std::int64_t>::max());
}

}  // namespace assent::node
