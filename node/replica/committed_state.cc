#include "node/replica/committed_state.h"

#include <utility>

namespace assent::replica {

void CommittedState::Renew(std::shared_ptr<const ReadView> view,
                           const std::vector<CommittedBlock>* blocks) {
  view_ = std::move(view);
  if (blocks == nullptr) {
    remembered_.clear();
    return;
  }
  for (const CommittedBlock& block : *blocks) {
    for (const auto& [key, value] : block.state) {
      const auto found = remembered_.find(key);
      if (found == remembered_.end()) continue;
      if (value && value->size() <= kRememberedBytesMax) {
        found->second = *value;
      } else {
        remembered_.erase(found);
      }
    }
  }
}

std::optional<std::string> CommittedState::Get(std::string_view key) const {
  const absl::string_view name(key.data(), key.size());
  if (const auto found = remembered_.find(name); found != remembered_.end()) return found->second;
  std::optional<std::string> value = view_->state().Get(key);
  if (value && value->size() <= kRememberedBytesMax) {
    if (remembered_.size() >= kRememberedMax) remembered_.clear();
    remembered_.emplace(name, *value);
  }
  return value;
}

void CommittedState::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  view_->state().Scan(prefix, from, visit);
}

}  // namespace assent::replica
