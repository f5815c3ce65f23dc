// Keeps one fault that repeats from filling the operator's disk and hiding everything else.
#ifndef ASSENT_NODE_LOG_LIMIT_H_
#define ASSENT_NODE_LOG_LIMIT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/replica/log.h"

namespace assent::node {

// Counts the lines of each event, and of each peer apart, so that one peer's do not hide another's.
// Memory grows with the number of both, which are few. No clock of its own; one thread.
class LogLimit {
 public:
  static constexpr std::uint64_t kLinesMax = 30;         // of one event about one peer
  static constexpr std::int64_t kWindowUs = 60'000'000;  // from the first of them on

  // Whether a line is written now. `peer` is empty where it is about none. A window that is over
  // must have been taken before.
  bool Admit(replica::LogLevel level, std::string_view event, std::string_view peer,
             std::int64_t now_us);

  // Lines of one event that were not written.
  struct LeftOut {
    replica::LogLevel level;  // the highest of them
    std::string event;
    std::string peer;
    std::uint64_t lines = 0;
  };
  // Those of the windows that have ended, which are forgotten.
  std::vector<LeftOut> TakeEnded(std::int64_t now_us);
  // The same of all windows.
  std::vector<LeftOut> TakeAll();

 private:
  struct Window {
    std::int64_t begun_us = 0;
    std::uint64_t lines = 0;
    std::uint64_t left_out = 0;
    replica::LogLevel level = replica::LogLevel::kDebug;  // the highest that was left out
  };
  std::vector<LeftOut> Take(std::int64_t begun_before_us);

  std::map<std::pair<std::string, std::string>, Window> windows_;  // by event and peer
};

}  // namespace assent::node

#endif  // ASSENT_NODE_LOG_LIMIT_H_
