// Questions whose answers have many pages, asked of a node or of what an audit has saved.
#ifndef ASSENT_CLIENT_ASKING_H_
#define ASSENT_CLIENT_ASKING_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/questions.pb.h"
#include "client/session.h"
#include "ledger/types.h"

namespace assent::client {

// One page of an answer.
using AskPage = std::function<absl::StatusOr<v1::AskResponse>(const v1::AskRequest&)>;
// Asks the node. The session must outlive it.
AskPage AskOf(Session& session);

struct AnswerEnd {
  Height as_of;              // at which the answer holds
  Time as_of_time;           // of that block
  bool public_only = false;  // it follows from PUBLIC bodies alone
  bool more = false;         // the limit ended it
};
// At most `limit` rows, all as of one height. `visit` may end it with an error.
// DataLoss: pages that contradict each other.
absl::StatusOr<AnswerEnd> FetchAnswer(
    const AskPage& ask, v1::AskRequest request, std::uint64_t limit,
    const std::function<absl::Status(const v1::AnswerRow&)>& visit);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ASKING_H_
