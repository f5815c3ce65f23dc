#include "node/replica/submissions.h"

#include <utility>

namespace assent::replica {

bool Submissions::Add(const Hash& leaf_hash, SubmitDone& done) {
  const auto found = waiting_.find(leaf_hash);
  if (found != waiting_.end()) {
    count_ -= std::erase_if(found->second, [](const SubmitDone& waiter) { return waiter.over(); });
  }
  const bool full = found != waiting_.end() && found->second.size() >= kWaitersPerEntryMax;
  if (full || count_ >= kWaitersMax) return false;
  waiting_[leaf_hash].push_back(std::move(done));
  ++count_;
  return true;
}

std::vector<SubmitDone> Submissions::Take(const Hash& leaf_hash) {
  auto node = waiting_.extract(leaf_hash);
  if (node.empty()) return {};
  count_ -= node.mapped().size();
  return std::move(node.mapped());
}

void Submissions::FailAll(const absl::Status& status) {
  count_ = 0;
  for (auto& [leaf_hash, waiters] : std::exchange(waiting_, {})) {
    for (SubmitDone& done : waiters) done(SubmitOutcome{status, std::nullopt, std::nullopt});
  }
}

}  // namespace assent::replica
