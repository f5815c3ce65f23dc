// Codes of states that are not members: those of ISO 3166-1 alpha-3.
#ifndef ASSENT_LEDGER_RULES_ISO_CODES_H_
#define ASSENT_LEDGER_RULES_ISO_CODES_H_

#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// True for a code that was assigned when this list was made. The list decides what is valid, and so
// stays as it is: a state whose code is newer is known once it is a member.
bool IsIsoCode(const MemberCode& code);

// True for a member, and for an ISO code.
bool IsKnownState(const StateView& state, const MemberCode& code);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_ISO_CODES_H_
