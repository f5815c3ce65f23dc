// RevisionWithdraw: the author takes its own proposal back: an open round, or a draft.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {
namespace revision_withdraw {

constexpr Rule kRoundOrDraft{"ROUND_OR_DRAFT", "Either a round is taken back or a draft."};
constexpr Rule kNotProposer{
    "NOT_PROPOSER", "Only the member that opened the round or filed the draft takes it back."};
constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 4,096 bytes is given."};
constexpr Rule kDraftOpened{"DRAFT_OPENED",
                            "No round has been opened from the draft that is taken back."};

constexpr std::array kRules{kDraftPublic,   kRoundOrDraft,   kRoundMissing,   kRoundUnknown,
                            kRoundFinal,    kRoundObjected,  kRoundLapsed,    kRoundWithdrawn,
                            kDraftUnknown,  kDraftWithdrawn, kDraftOvertaken, kNotProposer,
                            kReasonInvalid, kDraftOpened};

std::optional<Refusal> RefuseOther(const Filing& filing, const std::string& name,
                                   const std::string& proposer) {
  if (proposer == filing.author.str()) return std::nullopt;
  return Refuse(kNotProposer, name,
                absl::StrCat(name, " is of ", proposer, ": ", filing.author.str(),
                             " can object to a round, or comment on a draft, instead"));
}

std::optional<Refusal> RefuseBadReason(const v1::RevisionWithdraw& said) {
  return RefuseBadText(kReasonInvalid, "reason", said.reason(), kRevisionReasonBytesMax,
                       Lines::kMany);
}

std::optional<Refusal> WithdrawDraft(const Filing& filing, const v1::RevisionWithdraw& said) {
  const std::string name = absl::StrCat("draft ", said.draft());
  std::optional<StoredDraft> draft;
  if (auto refusal = FindLiveDraft(filing, true, said.draft(), draft)) return refusal;
  if (auto refusal = RefuseOther(filing, name, draft->state.author())) return refusal;
  if (auto refusal = RefuseBadReason(said)) return refusal;
  if (draft->state.has_round()) {
    return Refuse(kDraftOpened, name,
                  absl::StrCat("round ", draft->state.round(), " was opened from ", name,
                               ": take that back, while it is open"));
  }
  draft->state.set_withdrawn_by(filing.position.index.value());
  SaveDraft(filing.state, *draft);
  return std::nullopt;
}

std::optional<Refusal> WithdrawRound(const Filing& filing, const v1::RevisionWithdraw& said) {
  std::optional<StoredRound> round;
  if (auto refusal = FindOpenRound(filing, said.has_round(), said.round(), round)) return refusal;
  if (auto refusal =
          RefuseOther(filing, absl::StrCat("round ", said.round()), round->state.proposer())) {
    return refusal;
  }
  if (auto refusal = RefuseBadReason(said)) return refusal;
  EndRound(filing, *std::move(round), RoundStatus::kWithdrawn);
  return std::nullopt;
}

std::optional<Refusal> ApplyWithdraw(const Filing& filing) {
  const v1::RevisionWithdraw& said = filing.body.revision_withdraw();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (said.has_round() && said.has_draft()) {
    return Refuse(kRoundOrDraft, "draft",
                  "both a round and a draft are named: take one back at a time");
  }
  return said.has_draft() ? WithdrawDraft(filing, said) : WithdrawRound(filing, said);
}

}  // namespace revision_withdraw

extern const RecordHandler kRevisionWithdraw;
constinit const RecordHandler kRevisionWithdraw{
    .name = "RevisionWithdraw",
    .field = v1::Body::kRevisionWithdraw,
    .rules = revision_withdraw::kRules,
    .apply = revision_withdraw::ApplyWithdraw,
};

}  // namespace assent::rules
