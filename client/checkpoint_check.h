// Whether a checkpoint that a server shows has the signatures it needs.
#ifndef ASSENT_CLIENT_CHECKPOINT_CHECK_H_
#define ASSENT_CLIENT_CHECKPOINT_CHECK_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent::client {

struct CheckedNote {
  Checkpoint checkpoint;
  std::vector<MemberCode> signers;  // in code order; at least a quorum
};

// Ok when a quorum of `voters` has signed this note of the ledger `origin`. Lines of other keys are
// passed over, as C2SP signed-note says; a bad signature under a voter's key id is an error.
absl::StatusOr<CheckedNote> CheckNote(std::string_view note, std::string_view origin,
                                      const VoterSet& voters);

// The same of a node's answer, by the voters to which it leads from the founding act.
absl::StatusOr<CheckedNote> CheckCheckpoint(const v1::Checkpoint& answer, const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_CHECKPOINT_CHECK_H_
