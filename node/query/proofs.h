// What a reader can check without trusting this node: receipts as it may see them, checkpoints. The
// other proofs are those of any log: ledger/receipt/make_proofs.h.
#ifndef ASSENT_NODE_QUERY_PROOFS_H_
#define ASSENT_NODE_QUERY_PROOFS_H_

#include <string>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/membership/voters.h"
#include "ledger/receipt/make_proofs.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// All: any thread. Besides the errors named, DataLoss where the database is damaged.

// NotFound: there is no such entry. Unavailable: its block is final, but the certificate is not
// here yet.
absl::StatusOr<v1::Receipt> MakeReceipt(const replica::ReadView& view, const Reader& reader,
                                        EntryIndex index);

// The newest checkpoint, signed by voters of its block's epoch. NotFound: a quorum has signed none
// yet.
absl::StatusOr<v1::Checkpoint> PublicCheckpoint(const replica::ReadView& view,
                                                const std::string& origin);
// A checkpoint as a note: a line for each of `voters` that has signed, in code order.
v1::Checkpoint NoteOf(const replica::CheckpointRecord& record, const std::string& origin,
                      const VoterSet& voters);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_PROOFS_H_
