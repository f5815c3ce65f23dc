#include "ledger/rules/audience.h"

#include "absl/strings/str_cat.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {

std::optional<Refusal> RefuseWiderAudience(const Filing& filing, std::uint32_t visibility,
                                           std::string_view name) {
  if (filing.body.visibility() != v1::PUBLIC || visibility == v1::PUBLIC) return std::nullopt;
  return Refuse(kMembersOnly, "visibility",
                absl::StrCat(AbslView(name),
                             " is for members only: file this with visibility MEMBERS"));
}

}  // namespace assent::rules
