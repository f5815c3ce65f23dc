// Proofs, made by who has the log: receipts, roots, and what leads from one tree to another. What
// is made here is checked in receipt.h, ledger_root.h and ledger/log/merkle.h.
#ifndef ASSENT_LEDGER_RECEIPT_MAKE_PROOFS_H_
#define ASSENT_LEDGER_RECEIPT_MAKE_PROOFS_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/ledger.pb.h"
#include "assent/v1/proof.pb.h"
#include "ledger/entry/entry.h"
#include "ledger/receipt/log_view.h"
#include "ledger/types.h"

namespace assent {

// Headers between a block and the one whose certificate makes it final.
inline constexpr std::uint64_t kDescendantsMax = 1'000;

// All: any thread that may use the log. Besides the errors named, DataLoss where the log is
// damaged.

// With the entry's body where `shows_body` says so. NotFound: there is no such entry. Unavailable:
// its block is final, but the certificate is not here yet.
absl::StatusOr<v1::Receipt> MakeReceipt(const LogView& log, EntryIndex index,
                                        absl::FunctionRef<bool(const Entry&)> shows_body);

// OutOfRange: a tree larger than the log's. InvalidArgument: first_size is 0 or above second_size.
absl::StatusOr<v1::ConsistencyProof> ProveConsistency(
    const LogView& log, const v1::GetConsistencyProofRequest& request);

// What the root of the first `tree_size` entries is. OutOfRange: a tree larger than the log's.
// InvalidArgument: tree_size is 0. Unavailable: a certificate is not here yet.
absl::StatusOr<v1::LedgerRoot> ProveRoot(const LogView& log, std::uint64_t tree_size);

// OutOfRange: a tree larger than the log's. InvalidArgument: the index is not in it.
absl::StatusOr<v1::InclusionProof> ProveInclusion(const LogView& log,
                                                  const v1::GetInclusionProofRequest& request);

// How the voters of the founding act came to be those of `epoch`.
absl::Status AddEpochs(const LogView& log, Epoch epoch,
                       google::protobuf::RepeatedPtrField<v1::EpochChange>& changes);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_MAKE_PROOFS_H_
