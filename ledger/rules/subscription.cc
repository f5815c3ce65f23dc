#include "ledger/rules/subscription.h"

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {

std::optional<Refusal> RefuseBadState(const Filing& filing, std::string_view text,
                                      std::optional<MemberCode>& code) {
  code = MemberCode::From(text);
  if (!code) {
    return Refuse(kCodeInvalid, "code",
                  "the code is missing or none of a state: 3 to 8 letters A-Z, e.g. NOR");
  }
  if (filing.state.Get(MemberKey(*code))) {
    return Refuse(kAlreadyMember, code->str(),
                  absl::StrCat(code->str(), " is an active member of this ledger already"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadName(std::string_view name) {
  if (auto refusal = RefuseBadText(kNameInvalid, "name", name, kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (name.front() == ' ' || name.back() == ' ') {
    return Refuse(kNameInvalid, "name", "name: it begins or ends with a space");
  }
  return std::nullopt;
}

}  // namespace assent::rules
