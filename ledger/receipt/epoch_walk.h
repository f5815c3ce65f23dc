// From the voters of the founding act to those of a later epoch: each set is shown to be final by a
// quorum of the one before, or by an act of the members that starts an epoch at a named block. Only
// for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_EPOCH_WALK_H_
#define ASSENT_LEDGER_RECEIPT_EPOCH_WALK_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent {

// An epoch that began by an act of the members.
struct RestartedEpoch {
  Epoch epoch;
  Height height;  // of the block that the act names
  std::size_t signers = 0;
  std::size_t members = 0;
};

// Where the walk has arrived.
struct EpochVoters {
  Epoch epoch{1};
  VoterSet voters;
  // Height and hash of the block on which the epoch began: it closed the epoch before, or an act
  // names it. Of the first epoch the hash is left out.
  Height closed{0};
  Hash begun_on;
  // The newest epoch on the way that an act of the members began, and how many of the members
  // signed that.
  std::optional<RestartedEpoch> restarted;
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
