// What a node signs by its vote key to show that it runs and has caught up: a block that has just
// become final.
#ifndef ASSENT_LEDGER_MEMBERSHIP_VOTING_PROOF_H_
#define ASSENT_LEDGER_MEMBERSHIP_VOTING_PROOF_H_

#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent {

// Signs, or verifies, under assent/voting/v1: ledger id || height (u64) || block hash. Any thread.
Signature SignVotingProof(const LedgerId& ledger, Height height, const Hash& block_hash,
                          const SigningKey& vote_key);
bool VerifyVotingProof(const LedgerId& ledger, Height height, const Hash& block_hash,
                       const PublicKey& vote_key, const Signature& signature);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_VOTING_PROOF_H_
