// Nothing is read by an inspector without being logged.
#ifndef ASSENT_NODE_INSPECTION_LOG_READ_H_
#define ASSENT_NODE_INSPECTION_LOG_READ_H_

#include <optional>
#include <string>

#include "ledger/bytes.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"
#include "node/inspection/read_log.h"
#include "node/query/reader.h"

namespace assent::inspection {

// What was asked: the name of the method, and the request as JSON, of which much may be cut off.
struct Question {
  std::string method;
  std::string asked;
};

// To be called before what `reader`, who holds `key`, has been let see at `height` is sent. A
// refusal: it must not be sent, since it cannot be logged in `log`, which may be null. Logs
// inspectors alone. Any thread.
std::optional<rules::Refusal> LogRead(ReadLog* log, Time now, Height height, const PublicKey& key,
                                      const query::Reader& reader, Question question);

}  // namespace assent::inspection

#endif  // ASSENT_NODE_INSPECTION_LOG_READ_H_
