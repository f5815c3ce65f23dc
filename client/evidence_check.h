// Whether signed statements prove that a voter broke the protocol. Needs no node: the founding act
// is enough; whose key it was, the state of the ledger says.
#ifndef ASSENT_CLIENT_EVIDENCE_CHECK_H_
#define ASSENT_CLIENT_EVIDENCE_CHECK_H_

#include "absl/status/status.h"
#include "assent/v1/questions.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/header.h"
#include "ledger/rules/state.h"

namespace assent::client {

// Votes and proposals: both signatures are good under the row's key, both statements are of this
// ledger and of the row's kind, epoch and view, and no correct node makes both. Checkpoints: both
// are of this ledger, signed with the row's key, of as many entries and with different roots; or
// there is one, and the row proves that the ledger has another root. Whose key it is, the founding
// act or the member list says. DataLoss: what is wrong. `act` must have passed CheckAct.
absl::Status CheckEvidence(const v1::EvidenceRow& row, const FoundingAct& act);

// That the row's key is one which the voter's node has, or has had, on the ledger. DataLoss.
absl::Status CheckVoterKey(const v1::EvidenceRow& row, const StateView& state);

// True when what a row that passes the check shows was said of the ledger up to this block: votes
// and proposals of no later view, checkpoints of no larger tree. So a node answers as of a height.
bool IsSaidUpTo(const v1::EvidenceRow& row, const BlockHeader& block, const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_EVIDENCE_CHECK_H_
