// Structured log lines by spdlog: `time level event name=value ...`, or one JSON object a line.
#ifndef ASSENT_NODE_SPDLOG_LOG_H_
#define ASSENT_NODE_SPDLOG_LOG_H_

#include <memory>
#include <string_view>

#include "node/config.h"
#include "node/replica/log.h"

namespace spdlog {
class logger;
}

namespace assent::node {

// Writes to standard error. Any thread.
class SpdlogLog : public replica::Log {
 public:
  SpdlogLog(replica::LogLevel level, LogFormat format);
  ~SpdlogLog() override;
  void Write(replica::LogLevel level, std::string_view event,
             std::initializer_list<replica::LogField> fields) override;
  void SetLevel(replica::LogLevel level);

 private:
  const LogFormat format_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_SPDLOG_LOG_H_
