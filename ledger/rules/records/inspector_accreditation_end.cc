// InspectorAccreditationEnd: the member that has accredited an inspector's key ends that, for good.
// From the next block on the key reads what other accreditations allow, and else what is PUBLIC.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/accreditations.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace inspector_accreditation_end {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kAccreditationMissing{"ACCREDITATION_MISSING", "The accreditation is named."};
constexpr Rule kAccreditationUnknown{"ACCREDITATION_UNKNOWN",
                                     "The accreditation is one of the author's own."};
constexpr Rule kAccreditationEnded{"ACCREDITATION_ENDED",
                                   "The accreditation has not been ended before."};
constexpr Rule kAccreditationExpired{"ACCREDITATION_EXPIRED",
                                     "The term of the accreditation is not over."};
constexpr Rule kAccreditationLapsed{
    "ACCREDITATION_LAPSED", "The accreditation was given in the author's present membership."};
constexpr Rule kVisibilityDiffers{
    "VISIBILITY_DIFFERS", "What ends an accreditation has the visibility of the accreditation."};

constexpr std::array kRules{kReasonInvalid,      kAccreditationMissing, kAccreditationUnknown,
                            kAccreditationEnded, kAccreditationExpired, kAccreditationLapsed,
                            kVisibilityDiffers};

std::optional<Refusal> RefuseOver(const Filing& filing, EntryIndex index,
                                  const v1::AccreditationState& stored) {
  const std::string name = absl::StrCat("accreditation ", index.value());
  switch (StandingAt(filing.state, stored, filing.position.time)) {
    case AccreditationStanding::kEnded:
      return Refuse(
          kAccreditationEnded, "accreditation",
          absl::StrCat(name, " was ended by entry ", stored.ended_by(), ": nothing is left to do"));
    case AccreditationStanding::kExpired:
      return Refuse(kAccreditationExpired, "accreditation",
                    absl::StrCat(name, " expired at ", FormatTime({stored.until_us()}),
                                 ": nothing is left to do"));
    case AccreditationStanding::kLapsed:
      return Refuse(
          kAccreditationLapsed, "accreditation",
          absl::StrCat(name, " lapsed when ", filing.author.str(), " left: nothing is left to do"));
    case AccreditationStanding::kAhead:
    case AccreditationStanding::kInForce:
      break;
  }
  return std::nullopt;
}

// Takes it out of the author's, and of those of its key.
void Unlist(const Filing& filing, EntryIndex index, const v1::AccreditationState& stored) {
  const auto key = DecodeFixed<PublicKey>(AccreditationKey(index), stored.public_key());
  filing.state.Remove(InspectorKey(key, index));
  const std::string list = AccreditationListKey(filing.author);
  const auto listed = Load<v1::AccreditationListState>(filing.state, list);
  if (!listed) return;  // see Apply
  v1::AccreditationListState rest;
  for (const std::uint64_t other : listed->accreditations()) {
    if (other != index.value()) rest.add_accreditations(other);
  }
  if (rest.accreditations().empty()) {
    filing.state.Remove(list);
  } else {
    Save(filing.state, list, rest);
  }
}

std::optional<Refusal> ApplyEnd(const Filing& filing) {
  const v1::InspectorAccreditationEnd& said = filing.body.inspector_accreditation_end();
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(),
                                   kAccreditationReasonBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!said.has_accreditation()) {
    return Refuse(kAccreditationMissing, "accreditation",
                  "the accreditation is missing: name the entry that gave it");
  }
  const EntryIndex index(said.accreditation());
  auto stored = index < kFirstWaitingIndex
                    ? Load<v1::AccreditationState>(filing.state, AccreditationKey(index))
                    : std::nullopt;
  if (!stored || stored->member() != filing.author.str()) {
    return Refuse(kAccreditationUnknown, "accreditation",
                  absl::StrCat("entry ", index.value(), " is no accreditation by ",
                               filing.author.str(), ": name one of its own"));
  }
  if (auto refusal = RefuseOver(filing, index, *stored)) return refusal;
  if (stored->visibility() != static_cast<std::uint32_t>(filing.body.visibility())) {
    return Refuse(kVisibilityDiffers, "visibility",
                  absl::StrCat("accreditation ", index.value(), " is ",
                               stored->visibility() == v1::PUBLIC ? "PUBLIC" : "MEMBERS",
                               ": end it with the same visibility"));
  }
  stored->set_ended_by(filing.position.index.value());
  stored->set_ended_us(filing.position.time.us);
  Save(filing.state, AccreditationKey(index), *stored);
  Unlist(filing, index, *stored);
  return std::nullopt;
}

}  // namespace inspector_accreditation_end

extern const RecordHandler kInspectorAccreditationEnd;
constinit const RecordHandler kInspectorAccreditationEnd{
    .name = "InspectorAccreditationEnd",
    .field = v1::Body::kInspectorAccreditationEnd,
    .rules = inspector_accreditation_end::kRules,
    .apply = inspector_accreditation_end::ApplyEnd,
};

}  // namespace assent::rules
