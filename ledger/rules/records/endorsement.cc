// Endorsement: a member agrees with a question that the members decide. The endorsement that
// completes their quorum is the entry at which the question takes effect.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace endorsement {

constexpr Rule kQuestionMissing{"QUESTION_MISSING", "The question is named."};
constexpr Rule kQuestionUnknown{"QUESTION_UNKNOWN",
                                "The question is one that an entry has opened."};
constexpr Rule kQuestionDecided{"QUESTION_DECIDED", "The question has not taken effect yet."};
constexpr Rule kQuestionExpired{"QUESTION_EXPIRED",
                                "The question was opened at most 90 days before block time."};
constexpr Rule kQuestionMoot{"QUESTION_MOOT", "What is asked can still be done."};
constexpr Rule kAlreadyEndorsed{
    "ALREADY_ENDORSED",
    "A member endorses a question once; again only where that completes the quorum, as when others "
    "have left."};

constexpr std::array kRules{kNotPublic,       kQuestionMissing, kQuestionUnknown, kQuestionDecided,
                            kQuestionExpired, kQuestionMoot,    kAlreadyEndorsed};

std::optional<Refusal> RefuseClosed(const Filing& filing, EntryIndex id,
                                    const v1::QuestionState& question) {
  const std::string name = absl::StrCat("question ", id.value());
  if (question.has_decided_by()) {
    return Refuse(kQuestionDecided, name,
                  absl::StrCat(name, " took effect at entry ", question.decided_by(),
                               ": nothing is left to do"));
  }
  if (filing.position.time.us > question.expires_us()) {
    return Refuse(kQuestionExpired, name,
                  absl::StrCat(name, " could be endorsed until ",
                               FormatTime({question.expires_us()}), ": ask it anew"));
  }
  if (const auto refusal = OpenedBy(id, question).question->check(filing, question)) {
    return Refuse(kQuestionMoot, name,
                  absl::StrCat(name, " can take no effect now: ", refusal->message));
  }
  return std::nullopt;
}

std::optional<Refusal> ApplyEndorsement(const Filing& filing) {
  const v1::Endorsement& said = filing.body.endorsement();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (!said.has_question()) {
    return Refuse(kQuestionMissing, "question",
                  "the question is missing: name the entry that opened it");
  }
  const EntryIndex id(said.question());
  auto question = id < kFirstWaitingIndex ? Load<v1::QuestionState>(filing.state, QuestionKey(id))
                                          : std::nullopt;
  if (!question) {
    return Refuse(
        kQuestionUnknown, "question",
        absl::StrCat("entry ", id.value(), " has opened no question: list those that are open"));
  }
  if (auto refusal = RefuseClosed(filing, id, *question)) return refusal;
  const auto before = Load<v1::EndorsementState>(
      filing.state, EndorsementKey(id, filing.author, EntryIndex(filing.member.membership())));
  if (before && !IsEndorsed(filing.state, id)) {
    return Refuse(kAlreadyEndorsed, absl::StrCat("question ", id.value()),
                  absl::StrCat(filing.author.str(), " has endorsed question ", id.value(),
                               " in entry ", before->index(), ": the others are awaited"));
  }
  if (!before) Endorse(filing, id);
  if (IsEndorsed(filing.state, id)) DecideQuestion(filing, id, *std::move(question));
  return std::nullopt;
}

}  // namespace endorsement

extern const RecordHandler kEndorsement;
constinit const RecordHandler kEndorsement{
    .name = "Endorsement",
    .field = v1::Body::kEndorsement,
    .rules = endorsement::kRules,
    .apply = endorsement::ApplyEndorsement,
    .membership = true,
};

}  // namespace assent::rules
