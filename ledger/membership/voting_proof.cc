#include "ledger/membership/voting_proof.h"

#include <string>

namespace assent {
namespace {

std::string ProofStatement(const LedgerId& ledger, Height height, const Hash& block_hash) {
  std::string statement = ledger.str();
  AppendU64(statement, height.value());
  statement += block_hash.view();
  return statement;
}

}  // namespace

Signature SignVotingProof(const LedgerId& ledger, Height height, const Hash& block_hash,
                          const SigningKey& vote_key) {
  return vote_key.Sign(tag::kVoting, ProofStatement(ledger, height, block_hash));
}

bool VerifyVotingProof(const LedgerId& ledger, Height height, const Hash& block_hash,
                       const PublicKey& vote_key, const Signature& signature) {
  return Verify(vote_key, tag::kVoting, ProofStatement(ledger, height, block_hash), signature);
}

}  // namespace assent
