#include "ledger/rules/pointers.h"

#include "assent/v1/state.pb.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<EntryIndex> PointerAt(const StateView& state, std::string_view key) {
  const auto stored = Load<v1::PointerState>(state, key);
  if (!stored) return std::nullopt;
  return EntryIndex(stored->index());
}

void SavePointer(StateOverlay& state, std::string_view key, EntryIndex index) {
  v1::PointerState stored;
  stored.set_index(index.value());
  Save(state, key, stored);
}

}  // namespace assent::rules
