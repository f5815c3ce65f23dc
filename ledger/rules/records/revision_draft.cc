// RevisionDraft: a member proposes a text for discussion. A draft that follows another says what
// became of each comment on that one. Any change of a text is a new draft.
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/comments.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/proposal.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_draft {

constexpr Rule kPreviousDraftUnknown{"PREVIOUS_DRAFT_UNKNOWN",
                                     "The previous draft, where one is named, is on the ledger."};
constexpr Rule kPreviousDraftNotSummarised{"PREVIOUS_DRAFT_NOT_SUMMARISED",
                                           "The chair has summed up the previous draft."};
constexpr Rule kAnswersWithoutPrevious{
    "ANSWERS_WITHOUT_PREVIOUS",
    "Only a draft that names a previous one says what became of comments."};
constexpr Rule kAnswerInvalid{
    "ANSWER_INVALID", "An answer names comments, their outcome, and a reason of 1 to 1,024 bytes."};
constexpr Rule kCommentUnknown{
    "COMMENT_UNKNOWN", "What is answered is a member's newest comment on the previous draft."};
constexpr Rule kCommentTwice{"COMMENT_TWICE", "No comment is answered twice."};
constexpr Rule kCommentUnanswered{"COMMENT_UNANSWERED",
                                  "Every comment on the previous draft that holds is answered."};

constexpr std::array kRules{kDraftPublic,
                            kTitleInvalid,
                            kRevisionTextInvalid,
                            kReplacesNotInForce,
                            kChangesEmpty,
                            kParameterOutOfBounds,
                            kClassInvalid,
                            kTextUnchanged,
                            kAnswersWithoutPrevious,
                            kPreviousDraftUnknown,
                            kPreviousDraftNotSummarised,
                            kAnswerInvalid,
                            kCommentUnknown,
                            kCommentTwice,
                            kCommentUnanswered};

// Each comment answered once, and all that hold.
std::optional<Refusal> RefuseBadAnswers(const StateView& state, EntryIndex previous,
                                        const v1::RevisionDraft& said) {
  std::map<EntryIndex, NewestComment> comments;
  for (NewestComment& comment : NewestComments(state, previous)) {
    comments.emplace(comment.index, std::move(comment));
  }
  std::set<EntryIndex> answered;
  for (const v1::CommentAnswer& answer : said.answers()) {
    if (answer.comments().empty()) {
      return Refuse(kAnswerInvalid, "answers.comments", "an answer names no comment: name one");
    }
    if (!v1::CommentOutcome_IsValid(answer.outcome()) ||
        answer.outcome() == v1::COMMENT_OUTCOME_UNSPECIFIED) {
      return Refuse(kAnswerInvalid, "answers.outcome",
                    "the outcome is missing or unknown: ADOPTED, ADOPTED_IN_PART or NOT_ADOPTED");
    }
    if (auto refusal = RefuseBadText(kAnswerInvalid, "answers.reason", answer.reason(),
                                     kAnswerReasonBytesMax, Lines::kMany)) {
      return refusal;
    }
    for (const std::uint64_t index : answer.comments()) {
      if (!comments.contains(EntryIndex(index))) {
        return Refuse(kCommentUnknown, "answers.comments",
                      absl::StrCat("entry ", index, " is no member's newest comment on draft ",
                                   previous.value(), ": list its comments"));
      }
      if (!answered.insert(EntryIndex(index)).second) {
        return Refuse(kCommentTwice, "answers.comments",
                      absl::StrCat("comment ", index, " is answered twice: say it once"));
      }
    }
  }
  for (const auto& [index, comment] : comments) {
    if (comment.holds && !answered.contains(index)) {
      return Refuse(
          kCommentUnanswered, "answers",
          absl::StrCat("comment ", index.value(), " of ", comment.member.str(), " on draft ",
                       previous.value(), " is not answered: say what became of it"));
    }
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadPrevious(const Filing& filing, const v1::RevisionDraft& said) {
  if (!said.has_previous_draft()) {
    if (said.answers().empty()) return std::nullopt;
    return Refuse(kAnswersWithoutPrevious, "answers",
                  "a draft that follows none answers no comments: name the previous draft");
  }
  const std::string name = absl::StrCat("draft ", said.previous_draft());
  const auto previous = LoadDraft(filing.state, said.previous_draft());
  if (!previous) {
    return Refuse(kPreviousDraftUnknown, "previous_draft",
                  absl::StrCat("entry ", said.previous_draft(), " is no draft: list the drafts"));
  }
  if (!previous->state.has_summary()) {
    return Refuse(kPreviousDraftNotSummarised, name,
                  absl::StrCat(name, " has no summary of the chair yet: wait for it"));
  }
  return RefuseBadAnswers(filing.state, previous->id, said);
}

std::optional<Refusal> ApplyDraft(const Filing& filing) {
  const v1::RevisionDraft& said = filing.body.revision_draft();
  const Proposal proposal = ProposalOf(said);
  if (auto refusal = RefuseBadProposal(filing, proposal)) return refusal;
  if (auto refusal = RefuseBadPrevious(filing, said)) return refusal;

  StoredDraft draft{.id = filing.position.index, .state = {}};
  draft.state.set_author(filing.author.str());
  draft.state.set_membership(filing.member.membership());
  draft.state.set_replaces(said.replaces());
  draft.state.set_text_hash(proposal.hash.str());
  draft.state.set_drafted_us(filing.position.time.us);
  if (said.has_previous_draft()) draft.state.set_previous_draft(said.previous_draft());
  if (const auto before = Load<v1::PointerState>(filing.state, kNewestDraftKey)) {
    draft.state.set_draft_before(before->index());
  }
  SaveDraft(filing.state, draft);
  v1::PointerState newest;
  newest.set_index(draft.id.value());
  Save(filing.state, kNewestDraftKey, newest);
  return std::nullopt;
}

}  // namespace revision_draft

extern const RecordHandler kRevisionDraft;
constinit const RecordHandler kRevisionDraft{
    .name = "RevisionDraft",
    .field = v1::Body::kRevisionDraft,
    .rules = revision_draft::kRules,
    .apply = revision_draft::ApplyDraft,
};

}  // namespace assent::rules
