#include "node/execution/verified_entries.h"

#include <utility>

namespace assent::execution {

bool VerifiedEntries::Contains(const Hash& leaf_hash) const {
  const std::lock_guard lock(mutex_);
  return young_.contains(leaf_hash) || old_.contains(leaf_hash);
}

void VerifiedEntries::Insert(const Hash& leaf_hash) {
  const std::lock_guard lock(mutex_);
  young_.insert(leaf_hash);
  if (young_.size() < kGenerationMax) return;
  old_ = std::exchange(young_, {});
}

}  // namespace assent::execution
