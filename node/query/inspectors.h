// The accreditations of inspectors.
#ifndef ASSENT_NODE_QUERY_INSPECTORS_H_
#define ASSENT_NODE_QUERY_INSPECTORS_H_

#include "absl/status/statusor.h"
#include "assent/v1/inspection.pb.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// In the order of the log; every page at the height of the first. Who does not see all bodies is
// shown those whose entry is PUBLIC, and the others do not shorten its pages. Any thread.
// InvalidArgument: page size, token, member or status. OutOfRange: a height that is not final here.
// DataLoss: the database is damaged.
absl::StatusOr<v1::ListInspectorsResponse> ListInspectors(const replica::ReadView& view,
                                                          const Reader& reader,
                                                          const v1::ListInspectorsRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_INSPECTORS_H_
