// Final blocks by range, for audit and for nodes that lag.
#ifndef ASSENT_NODE_QUERY_BLOCKS_H_
#define ASSENT_NODE_QUERY_BLOCKS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// Blocks to be sent one by one, both ends included.
struct BlockRange {
  Height first;
  Height last;
};

// At most `max_blocks` (0: as many as allowed) and kAuditBlocksMax, up to the last one that carries
// a certificate; when none of so many does, up to the first that does. Ends at a closing block, or
// a certified one behind which an act of the members began an epoch, at the latest. Any thread.
// InvalidArgument: `from` is 0. OutOfRange: it is not final here yet. Unavailable: it is, but its
// certificate is not here yet. DataLoss: the database is damaged.
absl::StatusOr<BlockRange> PlanBlocks(const replica::ReadView& view, Height from,
                                      std::uint32_t max_blocks);

// The same for another node, which may end at a block without a certificate: that on which the
// present epoch began by an act of the members.
absl::StatusOr<BlockRange> PlanPeerBlocks(const replica::ReadView& view, Height from,
                                          std::uint32_t max_blocks);

// One block, without the bodies that `reader` may not see. NotFound: not final here. Any thread.
absl::StatusOr<v1::FinalBlock> FinalBlockAt(const replica::ReadView& view, const Reader& reader,
                                            Height height);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_BLOCKS_H_
