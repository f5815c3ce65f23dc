#include "ledger/rules/refuse.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/strict.h"

namespace assent::rules {

Refusal Refuse(const Rule& rule, std::string subject, std::string message) {
  return {.reason = std::string(rule.reason),
          .message = std::move(message),
          .subject = std::move(subject)};
}

std::optional<Refusal> RefuseBadText(const Rule& rule, std::string_view field,
                                     std::string_view text, std::size_t bytes_max, Lines lines) {
  const absl::Status checked = CheckText(text, 1, bytes_max, lines == Lines::kMany);
  if (checked.ok()) return std::nullopt;
  return Refuse(rule, std::string(field), absl::StrCat(AbslView(field), ": ", checked.message()));
}

}  // namespace assent::rules
