// AssistanceNotice: a state helps another with space launches, after a vigilance review. Without
// one there is nothing to give notice of.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace assistance_notice {

constexpr Rule kStateInvalid{"STATE_INVALID",
                             "The state is named by its code of 3 to 8 letters A-Z."};
constexpr Rule kStateIsAuthor{"STATE_IS_AUTHOR", "The assistance is to another state."};
constexpr Rule kStateChanged{"STATE_CHANGED", "An amendment keeps the state."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};
constexpr Rule kReviewMissing{
    "REVIEW_MISSING",
    "A vigilance review has been done: there is a time, from 1970 on, and a text."};
constexpr Rule kReviewInFuture{"REVIEW_IN_FUTURE",
                               "The time of the review is not after block time."};
constexpr Rule kReviewInvalid{"REVIEW_INVALID", "The review's text is 1 to 16,384 bytes."};

constexpr std::array kRules{kStateInvalid,  kStateIsAuthor,  kStateChanged, kTextInvalid,
                            kReviewMissing, kReviewInFuture, kReviewInvalid};

std::optional<Refusal> RefuseBadState(const Filing& filing, const std::string& state) {
  if (!MemberCode::From(state)) {
    return Refuse(kStateInvalid, "state",
                  "the state is missing or no code: give one of 3 to 8 letters A-Z");
  }
  if (state == filing.author.str()) {
    return Refuse(kStateIsAuthor, "state",
                  absl::StrCat(state, " cannot assist itself: name the state that is assisted"));
  }
  if (!filing.amends || filing.amends->state.assistance().state() == state) return std::nullopt;
  return Refuse(kStateChanged, "state",
                absl::StrCat("an amendment keeps the state: entry ", filing.amends->index.value(),
                             " is about ", filing.amends->state.assistance().state()));
}

std::optional<Refusal> RefuseBadReview(const Filing& filing, const v1::AssistanceNotice& said) {
  const Time reviewed{said.reviewed_us()};
  if (reviewed.us <= 0 || said.review().empty()) {
    return Refuse(kReviewMissing, reviewed.us <= 0 ? "reviewed_us" : "review",
                  "the vigilance review is missing: do it first, and say when it was done and what "
                  "it found");
  }
  if (reviewed > filing.position.time) {
    return Refuse(
        kReviewInFuture, "reviewed_us",
        absl::StrCat("the review at ", FormatTime(reviewed),
                     " has not been done yet: block time is ", FormatTime(filing.position.time)));
  }
  return RefuseBadText(kReviewInvalid, "review", said.review(), kCooperationTextBytesMax,
                       Lines::kMany);
}

std::optional<Refusal> ApplyAssistance(const Filing& filing) {
  const v1::AssistanceNotice& said = filing.body.assistance_notice();
  if (auto refusal = RefuseBadState(filing, said.state())) return refusal;
  if (auto refusal = RefuseBadText(kTextInvalid, "text", said.text(), kCooperationTextBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (auto refusal = RefuseBadReview(filing, said)) return refusal;
  v1::RecordState record = NewRecord(filing);
  record.mutable_assistance()->set_state(said.state());
  SaveRecord(filing, record);
  return std::nullopt;
}

}  // namespace assistance_notice

extern const RecordHandler kAssistanceNotice;
constinit const RecordHandler kAssistanceNotice{
    .name = "AssistanceNotice",
    .field = v1::Body::kAssistanceNotice,
    .rules = assistance_notice::kRules,
    .apply = assistance_notice::ApplyAssistance,
    .retire = RetireNothing,
};

}  // namespace assent::rules
