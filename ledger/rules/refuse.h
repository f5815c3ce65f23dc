// How a rule says no.
#ifndef ASSENT_LEDGER_RULES_REFUSE_H_
#define ASSENT_LEDGER_RULES_REFUSE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/rules/rules.h"

namespace assent::rules {

// `message` is lower case and says what to do; `subject` is the field (path below the record),
// entry or state.
Refusal Refuse(const Rule& rule, std::string subject, std::string message);

// Refuses by `rule` a text that is not as CheckText (ledger/entry/strict.h) wants it.
enum class Lines { kOne, kMany };
std::optional<Refusal> RefuseBadText(const Rule& rule, std::string_view field,
                                     std::string_view text, std::size_t bytes_max, Lines lines);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_REFUSE_H_
