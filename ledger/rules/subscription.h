// States that are no members: what their records have in common.
#ifndef ASSENT_LEDGER_RULES_SUBSCRIPTION_H_
#define ASSENT_LEDGER_RULES_SUBSCRIPTION_H_

#include <optional>
#include <string_view>

#include "ledger/rules/filing.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kCodeInvalid{"CODE_INVALID", "The state's code is 3 to 8 letters A-Z."};
inline constexpr Rule kNameInvalid{
    "NAME_INVALID", "The state's name is 1 to 256 bytes on one line, no space at its ends."};
inline constexpr Rule kAlreadyMember{"ALREADY_MEMBER", "The state is no active member."};

// Refuses by kCodeInvalid and kAlreadyMember; else the code is in `code`.
std::optional<Refusal> RefuseBadState(const Filing& filing, std::string_view text,
                                      std::optional<MemberCode>& code);
// Refuses by kNameInvalid.
std::optional<Refusal> RefuseBadName(std::string_view name);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_SUBSCRIPTION_H_
