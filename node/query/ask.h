// What inspectors ask, of what is final here.
#ifndef ASSENT_NODE_QUERY_ASK_H_
#define ASSENT_NODE_QUERY_ASK_H_

#include "absl/status/statusor.h"
#include "assent/v1/questions.pb.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// A page of the answer to one question (ledger/questions), as this reader may see it. Every page is
// of the height of the first. Any thread. InvalidArgument: no question, a field of it, page size or
// token. OutOfRange: a height that is not final here. PermissionDenied: the question is for
// members. DataLoss: the database is damaged.
absl::StatusOr<v1::AskResponse> Ask(const replica::ReadView& view, const Reader& reader,
                                    const v1::AskRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_ASK_H_
