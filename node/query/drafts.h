// Drafts of revisions: who has received them, what was said of them, and what became of that.
#ifndef ASSENT_NODE_QUERY_DRAFTS_H_
#define ASSENT_NODE_QUERY_DRAFTS_H_

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// Newest first; every page at the height of the first. A draft is shown to who may see its entry:
// drafts are never PUBLIC, so that others get an empty list. Any thread. InvalidArgument: page size
// or token. OutOfRange: the token's height is not final here. DataLoss: the database is damaged.
absl::StatusOr<v1::ListDraftsResponse> ListDrafts(const replica::ReadView& view,
                                                  const Reader& reader,
                                                  const v1::ListDraftsRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_DRAFTS_H_
