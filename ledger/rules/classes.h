// The class list: generic classes of vehicles, each for ballistic missiles or for space launches.
#ifndef ASSENT_LEDGER_RULES_CLASSES_H_
#define ASSENT_LEDGER_RULES_CLASSES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "assent/v1/record.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"

namespace assent::rules {

inline constexpr Rule kKindInvalid{"KIND_INVALID",
                                   "The kind is BALLISTIC_MISSILE or SPACE_LAUNCH."};
inline constexpr Rule kClassUnknown{"CLASS_UNKNOWN", "The class is in the class list."};
inline constexpr Rule kClassWrongKind{
    "CLASS_WRONG_KIND",
    "The class is one for what it is used for: ballistic missiles or space launches."};

// The stored number of a kind: the same as in v1::LaunchKind.
std::uint32_t KindNumber(ClassKind kind);

// Refuses a class that is not in the list, or not one for `kind`.
std::optional<Refusal> RefuseBadClass(const StateView& state, std::string_view field,
                                      std::string_view class_id, ClassKind kind);

// The same for a launch's fields `kind` and `class_id`; also refuses a kind that is none.
std::optional<Refusal> RefuseBadKindAndClass(const StateView& state, v1::LaunchKind kind,
                                             std::string_view class_id);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_CLASSES_H_
