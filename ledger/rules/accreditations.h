// What the two records about inspectors have in common.
#ifndef ASSENT_LEDGER_RULES_ACCREDITATIONS_H_
#define ASSENT_LEDGER_RULES_ACCREDITATIONS_H_

#include <cstdint>

#include "assent/v1/inspection.pb.h"
#include "ledger/rules/inspectors.h"
#include "ledger/rules/read.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// Where it stands at block time `now`, when the log had `tree_size` entries. `stored` is as it was
// then.
AccreditationStanding StandingAt(const StateView& state, const v1::AccreditationState& stored,
                                 Time now, std::uint64_t tree_size = kNewest);

// True unless it is ahead or in force: it will never be in force again.
bool IsOver(const StateView& state, const v1::AccreditationState& stored, Time now);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_ACCREDITATIONS_H_
