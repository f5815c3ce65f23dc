// What a reader can check without trusting this node: receipts, Merkle proofs, checkpoints.
#ifndef ASSENT_NODE_QUERY_PROOFS_H_
#define ASSENT_NODE_QUERY_PROOFS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/ledger.pb.h"
#include "assent/v1/proof.pb.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// All: any thread. Besides the errors named, DataLoss where the database is damaged.

// NotFound: there is no such entry. Unavailable: its block is final, but the certificate is not
// here yet.
absl::StatusOr<v1::Receipt> MakeReceipt(const replica::ReadView& view, const Reader& reader,
                                        EntryIndex index);

// OutOfRange: a tree larger than the view's. InvalidArgument: first_size is 0 or above second_size.
absl::StatusOr<v1::ConsistencyProof> ProveConsistency(
    const replica::ReadView& view, const v1::GetConsistencyProofRequest& request);

// What the root of the first `tree_size` entries is. OutOfRange: a tree larger than the view's.
// InvalidArgument: tree_size is 0. Unavailable: a certificate is not here yet.
absl::StatusOr<v1::LedgerRoot> ProveRoot(const replica::ReadView& view, std::uint64_t tree_size);

// OutOfRange: a tree larger than the view's. InvalidArgument: the index is not in it.
absl::StatusOr<v1::InclusionProof> ProveInclusion(const replica::ReadView& view,
                                                  const v1::GetInclusionProofRequest& request);

// The newest checkpoint, signed by voters of its block's epoch. NotFound: a quorum has signed none
// yet.
absl::StatusOr<v1::Checkpoint> PublicCheckpoint(const replica::ReadView& view,
                                                const std::string& origin);
// A checkpoint as a note: a line for each of `voters` that has signed, the first
// kCheckpointLinesMax in code order.
v1::Checkpoint NoteOf(const replica::CheckpointRecord& record, const std::string& origin,
                      const VoterSet& voters);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_PROOFS_H_
