// RevisionWithdraw: the proposer takes the text of the open round back.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {
namespace {

constexpr Rule kNotProposer{"NOT_PROPOSER", "Only the member that opened the round takes it back."};
constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 4,096 bytes is given."};

constexpr std::array kRules{kDraftPublic,    kRoundMissing,  kRoundUnknown,
                            kRoundFinal,     kRoundObjected, kRoundLapsed,
                            kRoundWithdrawn, kNotProposer,   kReasonInvalid};

std::optional<Refusal> ApplyWithdraw(const Filing& filing) {
  const v1::RevisionWithdraw& said = filing.body.revision_withdraw();
  std::optional<OpenRound> round;
  if (auto refusal = FindOpenRound(filing, said.has_round(), said.round(), round)) return refusal;
  if (round->state.proposer() != filing.author.str()) {
    return Refuse(kNotProposer, absl::StrCat("round ", said.round()),
                  absl::StrCat("round ", said.round(), " was opened by ", round->state.proposer(),
                               ": ", filing.author.str(), " can object to it instead"));
  }
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kRevisionReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  EndRound(filing, *std::move(round), RoundStatus::kWithdrawn);
  return std::nullopt;
}

}  // namespace

extern const RecordHandler kRevisionWithdraw;
constinit const RecordHandler kRevisionWithdraw{
    .name = "RevisionWithdraw",
    .field = v1::Body::kRevisionWithdraw,
    .rules = kRules,
    .apply = ApplyWithdraw,
};

}  // namespace assent::rules
