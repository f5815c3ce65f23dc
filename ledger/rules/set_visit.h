// Visiting parts of a set that do not stand together (sets.h).
#ifndef ASSENT_LEDGER_RULES_SET_VISIT_H_
#define ASSENT_LEDGER_RULES_SET_VISIT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/state.h"

namespace assent::rules {

// For a place that is not wanted, the first one after it that may be; nothing for one that is
// wanted. Says of places what they are, whether anything stands there or not.
using SkipFn = absl::FunctionRef<std::optional<std::string>(std::string_view place)>;

// VisitSet, but for what is not wanted, which costs a key and not as many as there are.
std::optional<std::string> VisitSetSkipping(const StateView& state, const SetRange& range,
                                            SkipFn skip, std::size_t& keys,
                                            absl::FunctionRef<bool(std::string_view place)> visit);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_SET_VISIT_H_
