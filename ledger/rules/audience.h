// Who may read what is said of another's record: nobody who may not read the record itself.
#ifndef ASSENT_LEDGER_RULES_AUDIENCE_H_
#define ASSENT_LEDGER_RULES_AUDIENCE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/rules/filing.h"

namespace assent::rules {

inline constexpr Rule kMembersOnly{"MEMBERS_ONLY",
                                   "What is said of a MEMBERS record is MEMBERS too."};

// Refuses by kMembersOnly a PUBLIC filing about what is for MEMBERS. `visibility` is the stored one
// of `name`: "record 7".
std::optional<Refusal> RefuseWiderAudience(const Filing& filing, std::uint32_t visibility,
                                           std::string_view name);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_AUDIENCE_H_
