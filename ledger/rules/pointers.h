// Keys under which one entry is named: see keys.h for what each names.
#ifndef ASSENT_LEDGER_RULES_POINTERS_H_
#define ASSENT_LEDGER_RULES_POINTERS_H_

#include <optional>
#include <string_view>

#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// The entry that `key` names; nothing when there is no such key.
std::optional<EntryIndex> PointerAt(const StateView& state, std::string_view key);
void SavePointer(StateOverlay& state, std::string_view key, EntryIndex index);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_POINTERS_H_
