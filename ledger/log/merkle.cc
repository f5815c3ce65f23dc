#include "ledger/log/merkle.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"

namespace assent {

Hash MerkleLeafHash(std::string_view data) { return Sha256({std::string_view("\0", 1), data}); }

Hash MerkleNodeHash(const Hash& left, const Hash& right) {
  return Sha256({std::string_view("\x01", 1), left.view(), right.view()});
}

Hash MerkleEmptyRoot() { return Sha256(std::string_view()); }

absl::StatusOr<MerkleFrontier> MerkleFrontier::From(std::uint64_t size,
                                                    std::vector<Hash> subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size))) {
    return absl::InvalidArgumentError(absl::StrCat("a tree of ", size, " leaves has ",
                                                   std::popcount(size), " full subtrees, not ",
                                                   subtrees.size()));
  }
  MerkleFrontier frontier;
  frontier.size_ = size;
  frontier.subtrees_ = std::move(subtrees);
  return frontier;
}

Hash MerkleFrontier::Root() const {
  if (subtrees_.empty()) return MerkleEmptyRoot();
  Hash root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i-- > 0;) root = MerkleNodeHash(subtrees_[i], root);
  return root;
}

void MerkleFrontier::Append(const Hash& leaf_hash, std::vector<MerkleNode>* completed) {
  // The new leaf joins the full subtrees to its left that have its own size, as a carry does in
  // binary.
  MerkleNode node{0, size_, leaf_hash};
  if (completed != nullptr) completed->push_back(node);
  while ((node.index & 1) != 0) {
    node = {static_cast<std::uint8_t>(node.level + 1), node.index >> 1,
            MerkleNodeHash(subtrees_.back(), node.hash)};
    subtrees_.pop_back();
    if (completed != nullptr) completed->push_back(node);
  }
  subtrees_.push_back(node.hash);
  ++size_;
}

Hash MerkleRoot(const std::vector<Hash>& leaf_hashes) {
  MerkleFrontier frontier;
  for (const Hash& leaf : leaf_hashes) frontier.Append(leaf, nullptr);
  return frontier.Root();
}

}  // namespace assent
