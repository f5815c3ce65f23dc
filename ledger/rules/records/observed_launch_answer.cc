// ObservedLaunchAnswer: what a state says to a launch that another one has attributed to it.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace observed_launch_answer {

constexpr Rule kObservationMissing{"OBSERVATION_MISSING", "The observed launch is named."};
constexpr Rule kObservationUnknown{"OBSERVATION_UNKNOWN",
                                   "What is answered is an observed launch."};
constexpr Rule kNotAttributed{"NOT_ATTRIBUTED",
                              "Only the state to which a launch is attributed answers."};
constexpr Rule kObservationAmended{
    "OBSERVATION_AMENDED",
    "The observation has not been amended: nobody answers what it does not say any more."};
constexpr Rule kObservationWithdrawn{"OBSERVATION_WITHDRAWN",
                                     "The observation has not been withdrawn."};
constexpr Rule kObservationChanged{
    "OBSERVATION_CHANGED",
    "An amendment answers the same observation as what it amends, or "
    "an amendment of that observation."};
constexpr Rule kAlreadyAnswered{
    "ALREADY_ANSWERED", "An observation has one current answer; what is more is an amendment."};
constexpr Rule kAnswerInvalid{"ANSWER_INVALID", "The answer is CONFIRMED or CONTESTED."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 4,096 bytes."};

constexpr std::array kRules{
    kObservationMissing,   kObservationUnknown, kNotAttributed,      kObservationAmended,
    kObservationWithdrawn, kMembersOnly,        kObservationChanged, kAlreadyAnswered,
    kAnswerInvalid,        kTextInvalid,
};

// Finds the observation that is answered: one about the author, that holds.
std::optional<Refusal> FindObservation(const Filing& filing, EntryIndex index,
                                       std::optional<StoredRecord>& observation) {
  observation = FindRecord(filing.state, index);
  if (!observation || observation->state.type() != v1::Body::kObservedLaunch) {
    return Refuse(kObservationUnknown, "observation",
                  absl::StrCat("entry ", index.value(), " is no observed launch: name one"));
  }
  if (const std::string& attributed = observation->state.observed_launch().attributed();
      attributed != filing.author.str()) {
    return Refuse(kNotAttributed, "observation",
                  absl::StrCat("observation ", index.value(), " attributes the launch to ",
                               attributed, ": only that state answers it"));
  }
  if (IsCurrent(*observation)) return std::nullopt;
  const std::uint64_t by = observation->state.replaced_by();
  if (observation->state.withdrawn()) {
    return Refuse(kObservationWithdrawn, "observation",
                  absl::StrCat("observation ", index.value(), " was withdrawn by entry ", by,
                               ": nothing is left of it to answer"));
  }
  return Refuse(kObservationAmended, "observation",
                absl::StrCat("observation ", index.value(), " was amended by entry ", by,
                             ": read and answer the newest amendment, ",
                             NewestOfChain(filing.state, *observation).index.value()));
}

// One answer to a chain of observations is current; `newest` is the newest of any.
std::optional<Refusal> RefuseSecondAnswer(const Filing& filing, const StoredRecord& observation,
                                          std::optional<EntryIndex> newest) {
  if (filing.amends) {
    const EntryIndex before(filing.amends->state.observed_launch_answer().observation());
    const auto answered = FindRecord(filing.state, before);
    if (answered && answered->state.first_index() == observation.state.first_index()) {
      return std::nullopt;
    }
    return Refuse(kObservationChanged, "observation",
                  absl::StrCat("entry ", filing.amends->index.value(), " answers observation ",
                               before.value(), ": answer ", observation.index.value(),
                               " by an entry of its own"));
  }
  if (!newest) return std::nullopt;
  const auto given = Load<v1::RecordState>(filing.state, RecordKey(*newest));
  if (!given || given->has_replaced_by()) return std::nullopt;
  return Refuse(kAlreadyAnswered, "observation",
                absl::StrCat("observation ", observation.index.value(), " was answered in entry ",
                             newest->value(), ": amend that (supersedes ", newest->value(), ")"));
}

std::optional<Refusal> ApplyAnswer(const Filing& filing) {
  const v1::ObservedLaunchAnswer& said = filing.body.observed_launch_answer();
  if (!said.has_observation()) {
    return Refuse(kObservationMissing, "observation",
                  "the observation is missing: name the one that is answered");
  }
  std::optional<StoredRecord> observation;
  if (auto refusal = FindObservation(filing, EntryIndex(said.observation()), observation)) {
    return refusal;
  }
  if (auto refusal = RefuseWiderAudience(filing, observation->state.visibility(),
                                         absl::StrCat("observation ", said.observation()))) {
    return refusal;
  }
  const std::string key = AnswerKey(EntryIndex(observation->state.first_index()));
  const auto newest = PointerAt(filing.state, key);
  if (auto refusal = RefuseSecondAnswer(filing, *observation, newest)) return refusal;
  if (said.answer() != v1::CONFIRMED && said.answer() != v1::CONTESTED) {
    return Refuse(kAnswerInvalid, "answer",
                  "the answer is missing or unknown: CONFIRMED or CONTESTED");
  }
  if (auto refusal = RefuseBadText(kTextInvalid, "text", said.text(), kObservationAnswerBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }

  v1::RecordState record = NewRecord(filing);
  v1::ObservedLaunchAnswerState& kept = *record.mutable_observed_launch_answer();
  kept.set_observation(said.observation());
  kept.set_answer(static_cast<std::uint32_t>(said.answer()));
  if (newest) kept.set_previous(newest->value());
  SavePointer(filing.state, key, filing.position.index);  // by which SaveRecord finds what counts
  SaveRecord(filing, record);
  return std::nullopt;
}

}  // namespace observed_launch_answer

extern const RecordHandler kObservedLaunchAnswer;
constinit const RecordHandler kObservedLaunchAnswer{
    .name = "ObservedLaunchAnswer",
    .field = v1::Body::kObservedLaunchAnswer,
    .rules = observed_launch_answer::kRules,
    .apply = observed_launch_answer::ApplyAnswer,
    .retire = RetireNothing,
};

}  // namespace assent::rules
