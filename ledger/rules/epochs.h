// Who voted in which epoch. What others need of it is in rules.h.
#ifndef ASSENT_LEDGER_RULES_EPOCHS_H_
#define ASSENT_LEDGER_RULES_EPOCHS_H_

#include "ledger/rules/state.h"

namespace assent::rules {

// Writes down who votes in the first epoch: the founders, who are in `state`.
void BeginFirstEpoch(StateOverlay& state);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_EPOCHS_H_
