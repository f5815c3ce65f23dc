#include "node/spdlog_log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace assent::node {
namespace {

using replica::LogField;
using replica::LogLevel;

spdlog::level::level_enum Level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// A value that has blanks, quotes or control characters is quoted, so that a line stays one line.
std::string Quoted(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=\\") == std::string::npos &&
                     std::all_of(value.begin(), value.end(),
                                 [](char c) { return static_cast<unsigned char>(c) > 0x20; });
  if (plain) return value;
  return nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

// "<4>" before a line is its priority for the journal, of syslog(3).
class PriorityFlag : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string_view priority = PriorityOf(message.level);
    out.append(priority.data(), priority.data() + priority.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }

 private:
  static std::string_view PriorityOf(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::debug:
        return "<7>";
      case spdlog::level::warn:
        return "<4>";
      case spdlog::level::err:
        return "<3>";
      default:
        return "<6>";
    }
  }
};

constexpr char kPriorityFlag = '*';

std::string PatternOf(const SpdlogLog::Options& options) {
  const std::string priority = options.journal ? std::string{'%', kPriorityFlag} : "";
  if (options.format == LogFormat::kText) return priority + "%Y-%m-%dT%H:%M:%S.%fZ %l %v";
  return priority + R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})";
}

std::string_view PeerOf(std::initializer_list<LogField> fields) {
  for (const LogField& field : fields) {
    if (field.name == "peer") return field.value;
  }
  return "";
}

}  // namespace

SpdlogLog::SpdlogLog(const Options& options) : format_(options.format), ledger_(options.ledger) {
  logger_ = std::make_shared<spdlog::logger>("assent-node",
                                             std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<PriorityFlag>(kPriorityFlag).set_pattern(PatternOf(options));
  logger_->set_formatter(std::move(formatter));
  logger_->flush_on(spdlog::level::debug);
  logger_->set_level(Level(options.level));
}

SpdlogLog::~SpdlogLog() { Tell(limit_.TakeAll()); }

void SpdlogLog::SetLevel(LogLevel level) {
  const bool quieter = Level(level) > logger_->level();
  const auto say = [&] { Write(LogLevel::kInfo, "log level", {{"level", LogLevelName(level)}}); };
  if (quieter) say();
  logger_->set_level(Level(level));
  if (!quieter) say();
}

void SpdlogLog::Write(LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  if (!logger_->should_log(Level(level))) return;
  const std::int64_t now_us = clock_.MonotonicUs();
  std::vector<LogLimit::LeftOut> left_out;
  bool admitted = false;
  {
    const std::lock_guard lock(mutex_);
    left_out = limit_.TakeEnded(now_us);
    admitted = limit_.Admit(level, event, PeerOf(fields), now_us);
  }
  Tell(left_out);
  if (admitted) Print(level, event, fields.begin(), fields.size());
}

void SpdlogLog::TellLeftOut() {
  std::vector<LogLimit::LeftOut> left_out;
  {
    const std::lock_guard lock(mutex_);
    left_out = limit_.TakeEnded(clock_.MonotonicUs());
  }
  Tell(left_out);
}

void SpdlogLog::Tell(const std::vector<LogLimit::LeftOut>& left_out) {
  for (const LogLimit::LeftOut& one : left_out) {
    const std::initializer_list<LogField> fields = {
        {"of", one.event}, {"lines", one.lines}, {"peer", one.peer}};
    Print(one.level, "repeats left out", fields.begin(), one.peer.empty() ? 2 : 3);
  }
}

void SpdlogLog::Print(LogLevel level, std::string_view event, const LogField* fields,
                      std::size_t count) {
  std::string line;
  if (format_ == LogFormat::kJson) {
    nlohmann::ordered_json object;
    object["event"] = std::string(event);
    object["ledger"] = ledger_;
    for (const LogField* field = fields; field != fields + count; ++field) {
      object[std::string(field->name)] = field->value;
    }
    line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    line = line.substr(1, line.size() - 2);
  } else {
    line = event;
    for (const LogField* field = fields; field != fields + count; ++field) {
      line += ' ';
      line += field->name;
      line += '=';
      line += Quoted(field->value);
    }
  }
  logger_->log(Level(level), line);
}

}  // namespace assent::node
