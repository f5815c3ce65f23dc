// The state key by key, for members that compare their nodes.
#ifndef ASSENT_NODE_QUERY_STATE_KEYS_H_
#define ASSENT_NODE_QUERY_STATE_KEYS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "assent/v1/comparison.pb.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

inline constexpr std::int32_t kStateKeysPageMax = 10'000;

// PermissionDenied: the reader is no member's. InvalidArgument: the page size.
absl::StatusOr<v1::ListStateKeysResponse> ListStateKeys(const replica::ReadView& view,
                                                        const Reader& reader,
                                                        const v1::ListStateKeysRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_STATE_KEYS_H_
