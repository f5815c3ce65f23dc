// KeyReplacementRefusal: a member shows that it has its authority key, by signing with it, and ends
// the wait of the key that was to replace it.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/replacement.h"

namespace assent::rules {
namespace key_replacement_refusal {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kNothingWaits{"NOTHING_WAITS", "A new key of the author waits."};

constexpr std::array kRules{kNotPublic, kReasonInvalid, kNothingWaits};

std::optional<Refusal> ApplyRefusal(const Filing& filing) {
  const v1::KeyReplacementRefusal& said = filing.body.key_replacement_refusal();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (!WaitingReplacement(filing.state, filing.author)) {
    return Refuse(
        kNothingWaits, filing.author.str(),
        absl::StrCat("no new key of ", filing.author.str(), " waits: there is nothing to refuse"));
  }
  DropReplacement(filing.state, filing.author);
  return std::nullopt;
}

}  // namespace key_replacement_refusal

extern const RecordHandler kKeyReplacementRefusal;
constinit const RecordHandler kKeyReplacementRefusal{
    .name = "KeyReplacementRefusal",
    .field = v1::Body::kKeyReplacementRefusal,
    .rules = key_replacement_refusal::kRules,
    .apply = key_replacement_refusal::ApplyRefusal,
    .membership = true,
};

}  // namespace assent::rules
