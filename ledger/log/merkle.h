// The Merkle tree of RFC 6962 section 2.1 over SHA-256: append, root, proofs and their verification.
#ifndef ASSENT_LEDGER_LOG_MERKLE_H_
#define ASSENT_LEDGER_LOG_MERKLE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"

namespace assent {

Hash MerkleLeafHash(std::string_view data);                     // SHA-256(0x00 || data)
Hash MerkleNodeHash(const Hash& left, const Hash& right);       // SHA-256(0x01 || left || right)
Hash MerkleEmptyRoot();                                         // SHA-256("")

// A full subtree: `level` 0 is the leaves; node `index` covers leaves [index << level, (index + 1) << level).
struct MerkleNode {
  std::uint8_t level;
  std::uint64_t index;
  Hash hash;
};

// The right edge of a tree: all that is needed to append to it and know its root. Value type;
// at most 64 hashes.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;  // the empty tree
  // A tree of `size` leaves with these full subtrees, the largest first. InvalidArgument when their
  // number does not fit the size.
  static absl::StatusOr<MerkleFrontier> From(std::uint64_t size, std::vector<Hash> subtrees);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& subtrees() const { return subtrees_; }
  Hash Root() const;

  // Appends a leaf hash. Every subtree that it completes, the leaf first, is appended to `completed`
  // when that is not null.
  void Append(const Hash& leaf_hash, std::vector<MerkleNode>* completed);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> subtrees_;
};

// Root of these leaf hashes.
Hash MerkleRoot(const std::vector<Hash>& leaf_hashes);

// Gives the hash of a full subtree of the tree.
using MerkleNodeReader = absl::FunctionRef<absl::StatusOr<Hash>(std::uint8_t level, std::uint64_t index)>;

// Proof that leaf `index` is in the tree of `size` leaves, from the leaf up. InvalidArgument when
// index >= size; errors of `read` are passed on.
absl::StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                                 MerkleNodeReader read);
// Proof that the tree of `first` leaves is the beginning of that of `second`; empty when first is equal to
// second. InvalidArgument unless 0 < first <= second.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t first, std::uint64_t second,
                                                   MerkleNodeReader read);
// Frontier of the first `size` leaves.
absl::StatusOr<MerkleFrontier> ReadFrontier(std::uint64_t size, MerkleNodeReader read);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2. Ok, or InvalidArgument that says which check failed.
absl::Status VerifyInclusion(const Hash& leaf_hash, std::uint64_t index, std::uint64_t size,
                             const std::vector<Hash>& proof, const Hash& root);
absl::Status VerifyConsistency(std::uint64_t first, const Hash& first_root, std::uint64_t second,
                               const Hash& second_root, const std::vector<Hash>& proof);

}  // namespace assent

#endif  // ASSENT_LEDGER_LOG_MERKLE_H_
