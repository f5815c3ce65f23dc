// What held for the whole ledger at an older height: each revision keeps what it has changed.
#ifndef ASSENT_LEDGER_RULES_READ_PARAMETERS_H_
#define ASSENT_LEDGER_RULES_READ_PARAMETERS_H_

#include <cstdint>
#include <string>

#include "ledger/rules/read.h"
#include "ledger/rules/state.h"

namespace assent::rules {

// The parameters and the revision in force for the entry of index `tree_size`; kNewest: those of
// ParametersOf. Costs as much as there were revisions since.
LedgerParameters ParametersAt(const StateView& state, std::uint64_t tree_size);

// The ledger's name in checkpoints, which never changes.
std::string OriginOf(const StateView& state);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_PARAMETERS_H_
