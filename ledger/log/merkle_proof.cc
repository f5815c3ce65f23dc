// Proofs of the Merkle tree: how they are made from its stored nodes (RFC 6962
// sections 2.1.1, 2.1.2), and how they are checked (RFC 9162 sections 2.1.3.2, 2.1.4.2).
#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/log/merkle.h"
#include "ledger/types.h"

namespace assent {
namespace {

// The tree over the leaves from `begin` to `end`. `begin` must be a multiple of the largest power
// of two that fits between them, as it is wherever a tree is split: so all of its full subtrees are
// stored nodes.
absl::StatusOr<MerkleFrontier> ReadRange(std::uint64_t begin, std::uint64_t end,
                                         MerkleNodeReader read) {
  std::vector<Hash> subtrees;
  for (std::uint64_t at = begin; at < end;) {
    const std::uint64_t width = std::bit_floor(end - at);
    const auto level = static_cast<std::uint8_t>(std::countr_zero(width));
    auto hash = read(level, at >> level);
    if (!hash.ok()) return hash.status();
    subtrees.push_back(*hash);
    at += width;
  }
  return MerkleFrontier::From(end - begin, std::move(subtrees));
}

absl::StatusOr<Hash> ReadRoot(std::uint64_t begin, std::uint64_t end, MerkleNodeReader read) {
  const auto range = ReadRange(begin, end, read);
  if (!range.ok()) return range.status();
  return range->Root();
}

// Where a tree of `width` > 1 leaves is split: the largest power of two smaller than it.
std::uint64_t SplitOf(std::uint64_t width) { return std::bit_floor(width - 1); }

absl::Status Fails(std::string_view what) { return absl::InvalidArgumentError(AbslView(what)); }

}  // namespace

absl::StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                                 MerkleNodeReader read) {
  if (index >= size) {
    return absl::InvalidArgumentError(
        absl::StrCat("leaf ", index, " is not in a tree of ", size, " leaves"));
  }
  // From the root down, beside each step the half that is not taken.
  std::vector<Hash> proof;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool go_left = index < middle;
    auto other = go_left ? ReadRoot(middle, end, read) : ReadRoot(begin, middle, read);
    if (!other.ok()) return other.status();
    proof.push_back(*other);
    (go_left ? end : begin) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t first, std::uint64_t second,
                                                   MerkleNodeReader read) {
  if (first == 0 || first > second) {
    return absl::InvalidArgumentError(absl::StrCat("there is no consistency proof from ", first,
                                                   " to ", second,
                                                   ": ask from 1 or more to as many or more"));
  }
  // From the root of the larger tree down to the node that ends where the smaller tree ends. That
  // node is left out when it is the smaller tree itself, which the verifier knows.
  std::vector<Hash> proof;
  std::uint64_t begin = 0;
  std::uint64_t end = second;
  while (first != end) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    const bool go_left = first <= middle;
    auto other = go_left ? ReadRoot(middle, end, read) : ReadRoot(begin, middle, read);
    if (!other.ok()) return other.status();
    proof.push_back(*other);
    (go_left ? end : begin) = middle;
  }
  if (begin != 0) {
    auto last = ReadRoot(begin, end, read);
    if (!last.ok()) return last.status();
    proof.push_back(*last);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<MerkleFrontier> ReadFrontier(std::uint64_t size, MerkleNodeReader read) {
  return ReadRange(0, size, read);
}

absl::Status VerifyInclusion(const Hash& leaf_hash, std::uint64_t index, std::uint64_t size,
                             const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size) {
    return Fails(absl::StrCat("leaf ", index, " is not in a tree of ", size, " leaves"));
  }
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf_hash;
  for (const Hash& other : proof) {
    if (last == 0) return Fails("the inclusion proof is too long for the tree");
    if ((node & 1) != 0 || node == last) {
      hash = MerkleNodeHash(other, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = MerkleNodeHash(hash, other);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return Fails("the inclusion proof is too short for the tree");
  if (hash != root) return Fails("the inclusion proof does not lead to the root of the tree");
  return absl::OkStatus();
}

absl::Status VerifyConsistency(std::uint64_t first, const Hash& first_root, std::uint64_t second,
                               const Hash& second_root, const std::vector<Hash>& proof) {
  if (first == 0 || first > second) {
    return Fails(
        absl::StrCat("trees of ", first, " and ", second, " leaves have no consistency proof"));
  }
  if (first == second) {
    if (!proof.empty()) return Fails("the consistency proof of two equal sizes is not empty");
    if (first_root != second_root) return Fails("two trees of the same size have different roots");
    return absl::OkStatus();
  }
  // A smaller tree that is one full subtree is itself the first node of the path.
  const bool first_is_full = std::has_single_bit(first);
  if (!first_is_full && proof.empty()) return Fails("the consistency proof is empty");
  std::uint64_t node = first - 1;
  std::uint64_t last = second - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  Hash first_hash = first_is_full ? first_root : proof.front();
  Hash second_hash = first_hash;
  for (std::size_t i = first_is_full ? 0 : 1; i < proof.size(); ++i) {
    if (last == 0) return Fails("the consistency proof is too long for the tree");
    if ((node & 1) != 0 || node == last) {
      first_hash = MerkleNodeHash(proof[i], first_hash);
      second_hash = MerkleNodeHash(proof[i], second_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      second_hash = MerkleNodeHash(second_hash, proof[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return Fails("the consistency proof is too short for the tree");
  if (first_hash != first_root) {
    return Fails("the consistency proof does not lead to the root of the smaller tree");
  }
  if (second_hash != second_root) {
    return Fails("the consistency proof does not lead to the root of the larger tree");
  }
  return absl::OkStatus();
}

}  // namespace assent
