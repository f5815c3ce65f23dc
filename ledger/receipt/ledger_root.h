// The root of the first so many entries, shown from the founding act on. Only for those who speak
// protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_LEDGER_ROOT_H_
#define ASSENT_LEDGER_RECEIPT_LEDGER_ROOT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/proof.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"

namespace assent {

// The hashes of a proof. InvalidArgument: too many, or one that is not 32 bytes.
absl::StatusOr<std::vector<Hash>> ProofHashes(
    const google::protobuf::RepeatedPtrField<std::string>& bytes);

// The root of the ledger's first `tree_size` entries, which a quorum of its voters has signed with
// a block that has them. InvalidArgument whose message is "STEP: DETAIL". `act` must have passed
// CheckAct.
absl::StatusOr<Hash> ProveRoot(const v1::LedgerRoot& proof, std::uint64_t tree_size,
                               const FoundingAct& act);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_LEDGER_ROOT_H_
