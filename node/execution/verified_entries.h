// Which entries' signatures were found good.
#ifndef ASSENT_NODE_EXECUTION_VERIFIED_ENTRIES_H_
#define ASSENT_NODE_EXECUTION_VERIFIED_ENTRIES_H_

#include <cstddef>
#include <mutex>
#include <unordered_set>

#include "ledger/bytes.h"

namespace assent::execution {

// Leaf hashes of entries whose signature is good under the key that their header names: an entry
// that came by itself is not verified again in a block. An entry names its key by hash, so that
// this holds whoever the key belongs to; that it is in force is for the rules. Bounded: two
// generations, the older forgotten as a whole. Any thread.
class VerifiedEntries {
 public:
  static constexpr std::size_t kGenerationMax = 65'536;

  bool Contains(const Hash& leaf_hash) const;
  void Insert(const Hash& leaf_hash);

 private:
  mutable std::mutex mutex_;
  std::unordered_set<Hash> young_;
  std::unordered_set<Hash> old_;
};

}  // namespace assent::execution

#endif  // ASSENT_NODE_EXECUTION_VERIFIED_ENTRIES_H_
