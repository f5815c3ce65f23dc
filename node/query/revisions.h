// The rounds of revision, and the texts of the Code.
#ifndef ASSENT_NODE_QUERY_REVISIONS_H_
#define ASSENT_NODE_QUERY_REVISIONS_H_

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/act/founding_act.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// Newest first, the founding act's text last; every page at the height of the first. A round is
// shown to who may see the entry that opened it, and to all once it was presented. Any thread.
// InvalidArgument: page size or token. OutOfRange: the token's height is not final here. DataLoss:
// the database is damaged.
absl::StatusOr<v1::ListRevisionsResponse> ListRevisions(const replica::ReadView& view,
                                                        const Reader& reader, const ActText& act,
                                                        const v1::ListRevisionsRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_REVISIONS_H_
