// RevisionCirculate: the chair sends a draft to the capitals, which have the comment period to
// comment on it.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {
namespace revision_circulate {

constexpr Rule kAlreadyCirculated{"ALREADY_CIRCULATED", "A draft is circulated once."};

constexpr std::array kRules{kDraftPublic,    kNotChair,       kDraftMissing,     kDraftUnknown,
                            kDraftWithdrawn, kDraftOvertaken, kAlreadyCirculated};

std::optional<Refusal> ApplyCirculate(const Filing& filing) {
  const v1::RevisionCirculate& said = filing.body.revision_circulate();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (auto refusal = RefuseUnlessChair(filing)) return refusal;
  std::optional<StoredDraft> draft;
  if (auto refusal = FindLiveDraft(filing, said.has_draft(), said.draft(), draft)) return refusal;
  if (draft->state.has_circulated_by()) {
    return Refuse(kAlreadyCirculated, absl::StrCat("draft ", said.draft()),
                  absl::StrCat("draft ", said.draft(), " was circulated by entry ",
                               draft->state.circulated_by(), " already"));
  }
  draft->state.set_circulated_by(filing.position.index.value());
  draft->state.set_circulated_us(filing.position.time.us);
  draft->state.set_comments_due_us(filing.position.time.us + filing.ledger.comment_period_us());
  SaveDraft(filing.state, *draft);
  return std::nullopt;
}

}  // namespace revision_circulate

extern const RecordHandler kRevisionCirculate;
constinit const RecordHandler kRevisionCirculate{
    .name = "RevisionCirculate",
    .field = v1::Body::kRevisionCirculate,
    .rules = revision_circulate::kRules,
    .apply = revision_circulate::ApplyCirculate,
};

}  // namespace assent::rules
