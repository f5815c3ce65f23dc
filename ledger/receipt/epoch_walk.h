// From the voters of the founding act to those of a later epoch: each set is shown to be final by a
// quorum of the one before. Only for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_EPOCH_WALK_H_
#define ASSENT_LEDGER_RECEIPT_EPOCH_WALK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent {

// Where the walk has arrived.
struct EpochVoters {
  Epoch epoch{1};
  VoterSet voters;
  Height closed{0};  // height of the block that closed the epoch before
};

// Checks every change, oldest first. InvalidArgument names the epoch whose end is not shown, and
// why. `act` must have passed CheckAct.
absl::StatusOr<EpochVoters> WalkEpochs(
    const google::protobuf::RepeatedPtrField<v1::EpochChange>& changes, const FoundingAct& act);

// The voters of the first epoch, that of the act, and of each that a change begins. Checks as
// WalkEpochs does.
absl::StatusOr<std::vector<VoterSet>> VotersOfEpochs(
    const google::protobuf::RepeatedPtrField<v1::EpochChange>& changes, const FoundingAct& act);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_EPOCH_WALK_H_
