#include "ledger/rules/classes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/state.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::uint32_t KindNumber(ClassKind kind) {
  return kind == ClassKind::kBallisticMissile ? v1::BALLISTIC_MISSILE : v1::SPACE_LAUNCH;
}

std::optional<Refusal> RefuseBadClass(const StateView& state, std::string_view field,
                                      std::string_view class_id, ClassKind kind) {
  const auto known = class_id.size() <= kNameBytesMax
                         ? Load<v1::ClassState>(state, ClassKey(class_id))
                         : std::nullopt;
  if (!known) {
    return Refuse(kClassUnknown, std::string(field),
                  class_id.empty()
                      ? absl::StrCat(AbslView(field), " is missing: name a class of the class list")
                      : absl::StrCat("there is no such class in the class list as ",
                                     AbslView(field), " names: take one from the founding act"));
  }
  if (known->kind() != KindNumber(kind)) {
    const bool wants_missile = kind == ClassKind::kBallisticMissile;
    return Refuse(
        kClassWrongKind, std::string(field),
        absl::StrCat("class ", AbslView(class_id), " is for ",
                     wants_missile ? "space launches" : "ballistic missiles", ": name one for ",
                     wants_missile ? "ballistic missiles" : "space launches"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadKindAndClass(const StateView& state, v1::LaunchKind kind,
                                             std::string_view class_id) {
  switch (kind) {
    case v1::BALLISTIC_MISSILE:
      return RefuseBadClass(state, "class_id", class_id, ClassKind::kBallisticMissile);
    case v1::SPACE_LAUNCH:
      return RefuseBadClass(state, "class_id", class_id, ClassKind::kSpaceLaunch);
    default:
      return Refuse(kKindInvalid, "kind",
                    "the kind is missing or unknown: BALLISTIC_MISSILE or SPACE_LAUNCH");
  }
}

}  // namespace assent::rules
