// RevisionComment: what a member says of a circulated draft, within its comment period. It may be
// amended as long as that lasts, and be taken back at any time.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_comment {

constexpr Rule kCommentPeriodOver{"COMMENT_PERIOD_OVER", "The draft's comment period is not over."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};
constexpr Rule kAlreadyCommented{"ALREADY_COMMENTED",
                                 "A member has one comment on a draft, and amends it."};
constexpr Rule kOtherDraft{"OTHER_DRAFT", "An amendment is on the same draft."};
constexpr Rule kCommentLimit{"COMMENT_LIMIT",
                             "A member files at most 32 comments on a draft, amendments included."};

constexpr std::array kRules{kDraftPublic,    kDraftMissing,       kDraftUnknown, kDraftWithdrawn,
                            kDraftOvertaken, kDraftNotCirculated, kTextInvalid,  kCommentPeriodOver,
                            kOtherDraft,     kAlreadyCommented,   kCommentLimit};

std::optional<Refusal> RefuseBadPlace(const Filing& filing, const StoredDraft& draft,
                                      const v1::CommentsState& before) {
  if (filing.amends) {
    const std::uint64_t other = filing.amends->state.comment().draft();
    if (other != draft.id.value()) {
      return Refuse(kOtherDraft, "draft",
                    absl::StrCat("comment ", filing.amends->index.value(), " is on draft ", other,
                                 ": file a comment of its own on draft ", draft.id.value()));
    }
  } else if (!before.indices().empty()) {
    const EntryIndex newest(*before.indices().rbegin());
    const auto record = FindOwnRecord(filing.state, filing.author, newest);
    if (record && IsCurrent(*record)) {
      return Refuse(kAlreadyCommented, "supersedes",
                    absl::StrCat(filing.author.str(), " has commented on draft ", draft.id.value(),
                                 " in entry ", newest.value(), ": amend that (supersedes)"));
    }
  }
  if (before.indices_size() >= kCommentVersionsMax) {
    return Refuse(kCommentLimit, filing.author.str(),
                  absl::StrCat(filing.author.str(), " has filed ", kCommentVersionsMax,
                               " comments on draft ", draft.id.value(), ", which is the limit"));
  }
  return std::nullopt;
}

std::optional<Refusal> ApplyComment(const Filing& filing) {
  const v1::RevisionComment& said = filing.body.revision_comment();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  std::optional<StoredDraft> draft;
  if (auto refusal = FindCirculatedDraft(filing, said.has_draft(), said.draft(), draft)) {
    return refusal;
  }
  if (auto refusal =
          RefuseBadText(kTextInvalid, "text", said.text(), kCommentBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (filing.position.time.us > draft->state.comments_due_us()) {
    return Refuse(
        kCommentPeriodOver, absl::StrCat("draft ", said.draft()),
        absl::StrCat("comments on draft ", said.draft(), " were due by ",
                     FormatTime({draft->state.comments_due_us()}), ": comment on the next draft"));
  }
  const std::string key = CommentsKey(draft->id, filing.author);
  auto comments = Load<v1::CommentsState>(filing.state, key).value_or(v1::CommentsState());
  if (auto refusal = RefuseBadPlace(filing, *draft, comments)) return refusal;

  v1::RecordState record = NewRecord(filing);
  record.mutable_comment()->set_draft(said.draft());
  SaveRecord(filing, record);
  comments.add_indices(filing.position.index.value());
  Save(filing.state, key, comments);
  return std::nullopt;
}

}  // namespace revision_comment

extern const RecordHandler kRevisionComment;
constinit const RecordHandler kRevisionComment{
    .name = "RevisionComment",
    .field = v1::Body::kRevisionComment,
    .rules = revision_comment::kRules,
    .apply = revision_comment::ApplyComment,
    .retire = RetireNothing,
};

}  // namespace assent::rules
