// What the node tells its operator: one structured line an event.
#ifndef ASSENT_NODE_REPLICA_LOG_H_
#define ASSENT_NODE_REPLICA_LOG_H_

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::replica {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// A named value of a line.
struct LogField {
  std::string_view name;
  std::string value;

  LogField(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(v) {}
  LogField(std::string_view n, std::integral auto v) : name(n), value(std::to_string(v)) {}
  LogField(std::string_view n, const MemberCode& v) : name(n), value(v.str()) {}
  LogField(std::string_view n, const Hash& v) : name(n), value(v.hex()) {}
  template <class Tag>
  LogField(std::string_view n, Number<Tag> v) : name(n), value(std::to_string(v.value())) {}
};

// Any thread. `event` is a short lower-case phrase that never changes with the values.
class Log {
 public:
  virtual ~Log() = default;
  virtual void Write(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_LOG_H_
