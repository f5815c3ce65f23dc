// What inspectors ask: one pure function from the rules' state and a question to a page of its
// answer. A node answers with it, and so does a client offline from what it has checked: the same
// rows in the same order. Cost grows with the page, not with the ledger.
#ifndef ASSENT_LEDGER_QUESTIONS_QUESTIONS_H_
#define ASSENT_LEDGER_QUESTIONS_QUESTIONS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/questions/snapshot.h"

namespace assent::v1 {
class AskRequest;
class AskResponse;
}  // namespace assent::v1

namespace assent::questions {

// The name of a question as it is asked for: "missing_declarations"; empty when the request has
// none.
std::string_view NameOf(const v1::AskRequest& request);

// Appends a page of at most `rows_max` rows to `response` and says in its public_only what the
// reader could see. `cursor` is empty for the first page; it is set to where the next page begins,
// at most kCursorBytesMax, or to nothing after the last. A page may be shorter than `rows_max`,
// even empty, and yet not be the last. Any thread. InvalidArgument: a field of the question, or the
// cursor. PermissionDenied: it is for members. Unimplemented: no question that follows from the
// state.
absl::Status Ask(const Snapshot& ledger, const Sight& sight, const v1::AskRequest& request,
                 std::size_t rows_max, std::string& cursor, v1::AskResponse& response);

inline constexpr std::size_t kCursorBytesMax = 96;

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_QUESTIONS_H_
