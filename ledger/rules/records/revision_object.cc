// RevisionObject: a member does not consent, which ends the open round. Also one that has signed
// may still object.
#include <array>
#include <optional>

#include "ledger/limits.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {
namespace revision_object {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 4,096 bytes is given."};

constexpr std::array kRules{kDraftPublic,   kRoundMissing, kRoundUnknown,   kRoundFinal,
                            kRoundObjected, kRoundLapsed,  kRoundWithdrawn, kReasonInvalid};

std::optional<Refusal> ApplyObject(const Filing& filing) {
  const v1::RevisionObject& said = filing.body.revision_object();
  std::optional<StoredRound> round;
  if (auto refusal = FindOpenRound(filing, said.has_round(), said.round(), round)) return refusal;
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kRevisionReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  round->state.set_objected_by(filing.author.str());
  EndRound(filing, *std::move(round), RoundStatus::kObjected);
  return std::nullopt;
}

}  // namespace revision_object

extern const RecordHandler kRevisionObject;
constinit const RecordHandler kRevisionObject{
    .name = "RevisionObject",
    .field = v1::Body::kRevisionObject,
    .rules = revision_object::kRules,
    .apply = revision_object::ApplyObject,
};

}  // namespace assent::rules
