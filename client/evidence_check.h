// Whether two signed statements prove that a voter broke the protocol. Needs no node and no ledger.
#ifndef ASSENT_CLIENT_EVIDENCE_CHECK_H_
#define ASSENT_CLIENT_EVIDENCE_CHECK_H_

#include "absl/status/status.h"
#include "assent/v1/questions.pb.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::client {

// Both signatures are good under the row's key, both statements are of this ledger and of the row's
// epoch and view, and no correct node makes both. Whose key it is, the founding act or the member
// list says. DataLoss: what is wrong.
absl::Status CheckEvidence(const v1::EvidenceRow& row, const LedgerId& ledger);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_EVIDENCE_CHECK_H_
