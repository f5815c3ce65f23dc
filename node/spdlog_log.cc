#include "node/spdlog_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

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

}  // namespace

SpdlogLog::SpdlogLog(LogLevel level, LogFormat format) : format_(format) {
  logger_ = std::make_shared<spdlog::logger>("assent-node",
                                             std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (format_ == LogFormat::kJson) {
    logger_->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\",%v}",
                         spdlog::pattern_time_type::utc);
  } else {
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
  }
  logger_->flush_on(spdlog::level::info);
  SetLevel(level);
}

SpdlogLog::~SpdlogLog() = default;

void SpdlogLog::SetLevel(LogLevel level) { logger_->set_level(Level(level)); }

void SpdlogLog::Write(LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  if (!logger_->should_log(Level(level))) return;
  std::string line;
  if (format_ == LogFormat::kJson) {
    nlohmann::ordered_json object;
    object["event"] = std::string(event);
    for (const LogField& field : fields) object[std::string(field.name)] = field.value;
    line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    line = line.substr(1, line.size() - 2);
  } else {
    line = event;
    for (const LogField& field : fields) {
      line += ' ';
      line += field.name;
      line += '=';
      line += Quoted(field.value);
    }
  }
  logger_->log(Level(level), line);
}

}  // namespace assent::node
