// Whose key one is, for those who answer questions.
#ifndef ASSENT_LEDGER_RULES_READ_KEYS_H_
#define ASSENT_LEDGER_RULES_READ_KEYS_H_

#include <optional>

#include "ledger/bytes.h"
#include "ledger/rules/read.h"
#include "ledger/rules/state.h"

namespace assent::rules {

// The member that the key reads for: it is its reader key, or its node's transport key, now. A key
// is registered once, for one state: two look-ups, however many members there are.
std::optional<MemberView> MemberThatReadsWith(const StateView& state, const PublicKey& key);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_KEYS_H_
