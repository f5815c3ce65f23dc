// ChairTerm: a member asks the others that one of them chairs for a time.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/chair.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace chair_term {

constexpr Rule kChairUnknown{"CHAIR_UNKNOWN", "The chair is an active member."};
constexpr Rule kTermInvalid{
    "TERM_INVALID",
    "The term ends after it begins, at most 731 days later, before the year 10000."};
constexpr Rule kTermPassed{"TERM_PASSED",
                           "The term begins at block time or later, also when it is decided."};
constexpr Rule kTermOverlaps{"TERM_OVERLAPS", "No other term has a time in common with it."};

constexpr std::array kRules{kNotPublic, kChairUnknown, kTermInvalid, kTermPassed, kTermOverlaps};

std::optional<Refusal> RefuseBadTimes(const v1::ChairTerm& said, Time now) {
  const Time from{said.from_us()};
  const Time until{said.until_us()};
  if (from < Time() || until <= from || Time{kTimeMaxUs} < until ||
      Days(kChairTermDaysMax) < until - from) {
    return Refuse(
        kTermInvalid, "until_us",
        absl::StrCat("a term ends after it begins, and at most ", kChairTermDaysMax,
                     " days later: ", FormatTime(from), " to ", FormatTime(until), " does not"));
  }
  if (from < now) {
    return Refuse(kTermPassed, "from_us",
                  absl::StrCat("the term begins at ", FormatTime(from),
                               ", which has passed: block time is ", FormatTime(now)));
  }
  return std::nullopt;
}

std::optional<Refusal> CheckTerm(const Filing& filing, const v1::QuestionState& question) {
  const v1::ChairTerm& said = question.chair_term();
  const auto chair = MemberCode::From(said.chair());
  if (!chair || !filing.state.Get(MemberKey(*chair))) {
    return Refuse(kChairUnknown, "chair", "the chair is no active member of this ledger");
  }
  if (auto refusal = RefuseBadTimes(said, filing.position.time)) return refusal;
  for (const Term& term : Terms(filing.state)) {
    if (said.until_us() <= term.from.us || term.until.us <= said.from_us()) continue;
    return Refuse(kTermOverlaps, "from_us",
                  absl::StrCat(term.chair.str(), " chairs from ", FormatTime(term.from), " until ",
                               FormatTime(term.until), ", as question ", term.question.value(),
                               " decided: begin after that"));
  }
  return std::nullopt;
}

void BeginTerm(const Filing& filing, EntryIndex id, const v1::QuestionState& question) {
  const v1::ChairTerm& said = question.chair_term();
  const auto member =
      LoadExisting<v1::MemberState>(filing.state, MemberKey(*MemberCode::From(said.chair())));
  v1::ChairTermState term;
  term.set_chair(said.chair());
  term.set_membership(member.membership());
  term.set_from_us(said.from_us());
  term.set_until_us(said.until_us());
  term.set_decided_by(filing.position.index.value());
  Save(filing.state, ChairKey(id), term);
}

constexpr QuestionRules kQuestion{
    .asked = v1::QuestionState::kChairTerm,
    .check = CheckTerm,
    .take_effect = BeginTerm,
    .about = [](const v1::QuestionState& question) { return question.chair_term().chair(); },
};

std::optional<Refusal> ApplyTerm(const Filing& filing) {
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  v1::QuestionState question;
  *question.mutable_chair_term() = filing.body.chair_term();
  if (auto refusal = CheckTerm(filing, question)) return refusal;
  OpenQuestion(filing, std::move(question));
  return std::nullopt;
}

}  // namespace chair_term

extern const RecordHandler kChairTerm;
constinit const RecordHandler kChairTerm{
    .name = "ChairTerm",
    .field = v1::Body::kChairTerm,
    .rules = chair_term::kRules,
    .apply = chair_term::ApplyTerm,
    .question = &chair_term::kQuestion,
    .membership = true,
};

}  // namespace assent::rules
