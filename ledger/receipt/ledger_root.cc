#include "ledger/receipt/ledger_root.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/proven_block.h"

namespace assent {

absl::StatusOr<std::vector<Hash>> ProofHashes(
    const google::protobuf::RepeatedPtrField<std::string>& bytes) {
  if (static_cast<std::size_t>(bytes.size()) > kProofHashesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", kProofHashesMax, " hashes"));
  }
  std::vector<Hash> hashes;
  for (const std::string& one : bytes) {
    const auto hash = Hash::From(one);
    if (!hash) return absl::InvalidArgumentError("a hash of it is not 32 bytes");
    hashes.push_back(*hash);
  }
  return hashes;
}

absl::StatusOr<Hash> ProveRoot(const v1::LedgerRoot& proof, std::uint64_t tree_size,
                               const FoundingAct& act) {
  const auto root = Hash::From(proof.root());
  if (!root) return absl::InvalidArgumentError("root: it is not 32 bytes");
  const auto proven =
      ProveBlock({.header = proof.header(),
                  .descendants = {proof.descendants().begin(), proof.descendants().end()},
                  .certificate = proof.certificate(),
                  .epochs = proof.epochs()},
                 act);
  if (!proven.ok()) return proven.status();
  const auto consistent = [&]() -> absl::Status {
    const auto hashes = ProofHashes(proof.consistency_proof());
    if (!hashes.ok()) return hashes.status();
    const BlockHeader& header = proven->block.header;
    return VerifyConsistency(tree_size, *root, header.tree_size, header.tree_root, *hashes);
  }();
  if (!consistent.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("consistency: ", consistent.message()));
  }
  return *root;
}

}  // namespace assent
