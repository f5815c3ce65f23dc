// The Merkle tree as RFC 6962 section 2.1 defines it, word by word and as slow: what our tree is
// held against.
#ifndef ASSENT_TESTS_UNIT_LEDGER_LOG_REFERENCE_TREE_H_
#define ASSENT_TESTS_UNIT_LEDGER_LOG_REFERENCE_TREE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"

namespace assent::reference {

using Leaves = std::span<const std::string>;

inline std::size_t SplitOf(std::size_t n) {
  std::size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

inline Hash Root(Leaves d) {
  if (d.empty()) return Sha256("");
  if (d.size() == 1) return Sha256(std::string(1, '\0') + d[0]);
  const std::size_t k = SplitOf(d.size());
  return Sha256("\x01" + Root(d.first(k)).str() + Root(d.subspan(k)).str());
}

inline std::vector<Hash> Path(std::size_t m, Leaves d) {
  if (d.size() <= 1) return {};
  const std::size_t k = SplitOf(d.size());
  std::vector<Hash> path = m < k ? Path(m, d.first(k)) : Path(m - k, d.subspan(k));
  path.push_back(m < k ? Root(d.subspan(k)) : Root(d.first(k)));
  return path;
}

inline std::vector<Hash> SubProof(std::size_t m, Leaves d, bool known) {
  if (m == d.size()) return known ? std::vector<Hash>{} : std::vector<Hash>{Root(d)};
  const std::size_t k = SplitOf(d.size());
  std::vector<Hash> proof =
      m <= k ? SubProof(m, d.first(k), known) : SubProof(m - k, d.subspan(k), false);
  proof.push_back(m <= k ? Root(d.subspan(k)) : Root(d.first(k)));
  return proof;
}

inline std::vector<Hash> Proof(std::size_t m, Leaves d) { return SubProof(m, d, true); }

inline std::vector<std::string> MakeLeaves(std::size_t count) {
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back("leaf " + std::to_string(i));
  return leaves;
}

}  // namespace assent::reference

#endif  // ASSENT_TESTS_UNIT_LEDGER_LOG_REFERENCE_TREE_H_
