// Counts in the state: how many launches an author has notified, by year of the window's start and
// class (what its annual declaration is compared with), how many reports name a notification,
// and how many have accepted an observer invitation.
// Kept up by records, their amendments and their withdrawals.
#ifndef ASSENT_LEDGER_RULES_COUNTERS_H_
#define ASSENT_LEDGER_RULES_COUNTERS_H_

#include <cstdint>
#include <string_view>

#include "ledger/rules/state.h"

namespace assent::rules {

// The count under `key`; 0 when there is none.
std::uint64_t CountAt(const StateView& state, std::string_view key);
// Adds to it.
void Increase(StateOverlay& state, std::string_view key, std::uint64_t by);
// Takes off what was added; a count of 0 is removed.
void Decrease(StateOverlay& state, std::string_view key, std::uint64_t by);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_COUNTERS_H_
