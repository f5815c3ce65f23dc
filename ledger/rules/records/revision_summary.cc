// RevisionSummary: the chair sums up the comments on a draft, when they are all in.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/proposal.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_summary {

constexpr Rule kCommentPeriodOpen{"COMMENT_PERIOD_OPEN", "The draft's comment period is over."};
constexpr Rule kAlreadySummarised{"ALREADY_SUMMARISED", "A draft is summed up once."};

constexpr std::array kRules{
    kDraftPublic,       kNotChair,         kDraftMissing,       kDraftUnknown,
    kDraftWithdrawn,    kDraftOvertaken,   kDraftNotCirculated, kRevisionTextInvalid,
    kCommentPeriodOpen, kAlreadySummarised};

std::optional<Refusal> ApplySummary(const Filing& filing) {
  const v1::RevisionSummary& said = filing.body.revision_summary();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (auto refusal = RefuseUnlessChair(filing)) return refusal;
  std::optional<StoredDraft> draft;
  if (auto refusal = FindCirculatedDraft(filing, said.has_draft(), said.draft(), draft)) {
    return refusal;
  }
  const std::string name = absl::StrCat("draft ", said.draft());
  if (auto refusal = RefuseBadText(kRevisionTextInvalid, "text", said.text(), kRevisionTextBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (filing.position.time.us <= draft->state.comments_due_us()) {
    return Refuse(
        kCommentPeriodOpen, name,
        absl::StrCat(name, " can be commented on until ",
                     FormatTime({draft->state.comments_due_us()}), ": sum up when that is over"));
  }
  if (draft->state.has_summary()) {
    return Refuse(
        kAlreadySummarised, name,
        absl::StrCat(name, " was summed up by entry ", draft->state.summary(), " already"));
  }
  v1::SummaryState summary;
  summary.set_author(filing.author.str());
  summary.set_draft(said.draft());
  summary.set_text_hash(Sha256(said.text()).str());
  summary.set_time_us(filing.position.time.us);
  Save(filing.state, SummaryKey(filing.position.index), summary);
  draft->state.set_summary(filing.position.index.value());
  SaveDraft(filing.state, *draft);
  return std::nullopt;
}

}  // namespace revision_summary

extern const RecordHandler kRevisionSummary;
constinit const RecordHandler kRevisionSummary{
    .name = "RevisionSummary",
    .field = v1::Body::kRevisionSummary,
    .rules = revision_summary::kRules,
    .apply = revision_summary::ApplySummary,
};

}  // namespace assent::rules
