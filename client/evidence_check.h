// Whether signed statements prove that a voter broke the protocol. Needs no node: the founding act
// is enough.
#ifndef ASSENT_CLIENT_EVIDENCE_CHECK_H_
#define ASSENT_CLIENT_EVIDENCE_CHECK_H_

#include "absl/status/status.h"
#include "assent/v1/questions.pb.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

// Votes and proposals: both signatures are good under the row's key, both statements are of this
// ledger and of the row's epoch and view, and no correct node makes both. Checkpoints: both are of
// this ledger, signed with the row's key, of as many entries and with different roots; or there is
// one, and the row proves that the ledger has another root. Whose key it is, the founding act or
// the member list says. DataLoss: what is wrong. `act` must have passed CheckAct.
absl::Status CheckEvidence(const v1::EvidenceRow& row, const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_EVIDENCE_CHECK_H_
