// Structured log lines by spdlog: `time level event name=value ...`, or one JSON object a line.
// Lines that repeat are cut down to a rate (log_limit.h).
#ifndef ASSENT_NODE_SPDLOG_LOG_H_
#define ASSENT_NODE_SPDLOG_LOG_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "node/config.h"
#include "node/log_limit.h"
#include "node/replica/log.h"
#include "node/system_clock.h"

namespace spdlog {
class logger;
}

namespace assent::node {

// Writes to standard error. Any thread.
class SpdlogLog : public replica::Log {
 public:
  struct Options {
    replica::LogLevel level = replica::LogLevel::kInfo;
    LogFormat format = LogFormat::kText;
    bool journal = false;  // standard error is systemd's journal: lines begin with their priority
    std::string ledger;    // its id in hex, for each JSON object
  };
  explicit SpdlogLog(const Options& options);
  // Tells what was left out.
  ~SpdlogLog() override;
  void Write(replica::LogLevel level, std::string_view event,
             std::initializer_list<replica::LogField> fields) override;
  // Says so in the log.
  void SetLevel(replica::LogLevel level);
  // Tells what was left out of windows that have ended. To be called now and then, so that it is
  // told also when nothing else is.
  void TellLeftOut();

 private:
  void Print(replica::LogLevel level, std::string_view event, const replica::LogField* fields,
             std::size_t count);
  void Tell(const std::vector<LogLimit::LeftOut>& left_out);

  const LogFormat format_;
  const std::string ledger_;
  const SystemClock clock_;
  std::shared_ptr<spdlog::logger> logger_;
  std::mutex mutex_;
  LogLimit limit_;  // guarded by mutex_
};

}  // namespace assent::node

#endif  // ASSENT_NODE_SPDLOG_LOG_H_
