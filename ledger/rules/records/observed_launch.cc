// ObservedLaunch: a launch that another state saw. It stays a claim of its author's; the state to
// which it is attributed may answer it.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/iso_codes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/launch_time.h"
#include "ledger/rules/places.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace observed_launch {

constexpr Rule kAttributedUnknown{
    "ATTRIBUTED_UNKNOWN",
    "The launch is attributed to a member, or to a code of ISO 3166-1 alpha-3."};
constexpr Rule kAttributedSelf{"ATTRIBUTED_SELF", "The launch is attributed to another state."};
constexpr Rule kAttributedChanged{"ATTRIBUTED_CHANGED",
                                  "An amendment attributes the launch to the same state."};
constexpr Rule kSourceInvalid{"SOURCE_INVALID", "The source is 1 to 1,024 bytes."};
constexpr Rule kConfidenceInvalid{"CONFIDENCE_INVALID", "The confidence is LOW, MEDIUM or HIGH."};

constexpr std::array kRules{
    kAttributedUnknown,  kAttributedSelf,    kAttributedChanged, kLaunchTimeMissing,
    kLaunchTimeInFuture, kKindInvalid,       kClassUnknown,      kClassWrongKind,
    kSourceInvalid,      kConfidenceInvalid, kAreaMissing,       kSiteNameInvalid,
    kCoordinatesInvalid, kRadiusOutOfRange,  kPolygonSize,       kPolygonRepeats,
    kSeaAreaInvalid,
};

std::optional<Refusal> RefuseBadAttribution(const Filing& filing, const std::string& attributed) {
  const auto code = MemberCode::From(attributed);
  if (!code || !IsKnownState(filing.state, *code)) {
    return Refuse(
        kAttributedUnknown, "attributed",
        attributed.empty()
            ? std::string("the state is missing: say to which one the launch is attributed")
            : std::string("the launch is attributed to no state that is known: name a "
                          "member, or a code of ISO 3166-1 alpha-3"));
  }
  if (*code == filing.author) {
    return Refuse(kAttributedSelf, "attributed",
                  "the launch is attributed to its observer: file a LaunchReport of your own");
  }
  if (filing.amends && filing.amends->state.observed_launch().attributed() != attributed) {
    return Refuse(kAttributedChanged, "attributed",
                  absl::StrCat("entry ", filing.amends->index.value(), " attributes the launch to ",
                               filing.amends->state.observed_launch().attributed(), ", not to ",
                               attributed, ": withdraw it, and file the observation anew"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadObservation(const Filing& filing, const v1::ObservedLaunch& said) {
  if (auto refusal = RefuseBadAttribution(filing, said.attributed())) return refusal;
  if (auto refusal = RefuseBadLaunchTime(filing, said.launched_at_us())) return refusal;
  if (auto refusal = RefuseBadKindAndClass(filing.state, said.kind(), said.class_id())) {
    return refusal;
  }
  if (auto refusal = RefuseBadText(kSourceInvalid, "source", said.source(),
                                   kObservationSourceBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (said.confidence() < v1::LOW || said.confidence() > v1::HIGH) {
    return Refuse(kConfidenceInvalid, "confidence",
                  "the confidence is missing or unknown: LOW, MEDIUM or HIGH");
  }
  return said.has_place() ? RefuseBadArea("place", said.place()) : std::nullopt;
}

std::optional<Refusal> ApplyObservation(const Filing& filing) {
  const v1::ObservedLaunch& said = filing.body.observed_launch();
  if (auto refusal = RefuseBadObservation(filing, said)) return refusal;

  v1::RecordState record = NewRecord(filing);
  v1::ObservedLaunchState& kept = *record.mutable_observed_launch();
  kept.set_attributed(said.attributed());
  kept.set_launched_at_us(said.launched_at_us());
  kept.set_kind(static_cast<std::uint32_t>(said.kind()));
  kept.set_class_id(said.class_id());
  kept.set_confidence(static_cast<std::uint32_t>(said.confidence()));
  if (const auto box = BoxOf(said.place())) *kept.mutable_box() = ToState(*box);
  SaveRecord(filing, record);
  if (!filing.amends) {
    SavePointer(filing.state,
                ObservedKey(*MemberCode::From(said.attributed()), filing.position.index),
                filing.position.index);
  }
  return std::nullopt;
}

}  // namespace observed_launch

extern const RecordHandler kObservedLaunch;
constinit const RecordHandler kObservedLaunch{
    .name = "ObservedLaunch",
    .field = v1::Body::kObservedLaunch,
    .rules = observed_launch::kRules,
    .apply = observed_launch::ApplyObservation,
    .retire = RetireNothing,
};

}  // namespace assent::rules
