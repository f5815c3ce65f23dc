// What a proof of possession signs, for keys that are not in this process's memory.
#ifndef ASSENT_LEDGER_MEMBERSHIP_POSSESSION_H_
#define ASSENT_LEDGER_MEMBERSHIP_POSSESSION_H_

#include <string>

#include "ledger/bytes.h"
#include "ledger/membership/key_role.h"
#include "ledger/types.h"

namespace assent {

// The statement of SignPossession, to be signed under assent/possession/v1.
std::string PossessionStatement(const LedgerId& ledger, const MemberCode& owner, KeyRole role);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_POSSESSION_H_
