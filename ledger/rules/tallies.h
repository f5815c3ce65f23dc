// Numbers that keep their past: how many, now and at any size of the log before. Keys: keys.h.
#ifndef ASSENT_LEDGER_RULES_TALLIES_H_
#define ASSENT_LEDGER_RULES_TALLIES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// One number, as it is for those who see all bodies or PUBLIC ones only.
struct TallyName {
  Audience audience;
  std::string name;  // "announced/FRA/2026/1"
};

// Adds to it, or takes off what was added, by the entry `by`.
void Add(StateOverlay& state, const TallyName& tally, std::uint64_t number, EntryIndex by);
void Subtract(StateOverlay& state, const TallyName& tally, std::uint64_t number, EntryIndex by);
// Its value as of `tree_size`; 0 before anything was added.
std::uint64_t ValueAt(const StateView& state, const TallyName& tally, std::uint64_t tree_size);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_TALLIES_H_
