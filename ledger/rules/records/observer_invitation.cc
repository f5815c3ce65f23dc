// ObserverInvitation: a state invites observers of other members to one of its launch sites.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/counters.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/places.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace observer_invitation {

constexpr Rule kAccessInvalid{"ACCESS_INVALID", "The access is 1 to 16,384 bytes."};
constexpr Rule kPlacesOutOfRange{"PLACES_OUT_OF_RANGE", "There is room for 1 to 1,000 observers."};
constexpr Rule kPlacesTaken{"PLACES_TAKEN",
                            "An amendment leaves room for all observers that are accepted."};
constexpr Rule kInvitedUnknown{"INVITED_UNKNOWN", "Those invited are active members."};

constexpr std::array kRules{kSiteNameInvalid, kCoordinatesInvalid, kDatesInvalid, kDatesPassed,
                            kAccessInvalid,   kPlacesOutOfRange,   kPlacesTaken,  kInvitedUnknown,
                            kInvitedCount,    kInvitedTwice,       kHostInvited,  kAcceptedDropped};

std::optional<Refusal> RefuseBadPlaces(const Filing& filing, std::uint32_t places) {
  if (places < 1 || places > kObserversMax) {
    return Refuse(kPlacesOutOfRange, "places",
                  absl::StrCat(places, " places are not 1 to ", kObserversMax,
                               ": say for how many observers there is room"));
  }
  if (!filing.amends) return std::nullopt;
  const std::uint64_t taken =
      CountAt(filing.state, ObserversKey(EntryIndex(filing.amends->state.first_index())));
  if (places >= taken) return std::nullopt;
  return Refuse(kPlacesTaken, "places",
                absl::StrCat(taken, " observers are accepted already: leave room for them"));
}

std::optional<Refusal> RefuseUnknown(const Filing& filing,
                                     const std::vector<std::string>& invited) {
  for (const std::string& text : invited) {
    const auto code = MemberCode::From(text);
    if (code && filing.state.Get(MemberKey(*code))) continue;
    return Refuse(kInvitedUnknown, "invited",
                  code ? absl::StrCat(text, " is no active member: invite members only")
                       : "a code in invited is none: give codes of 3 to 8 letters A-Z");
  }
  return std::nullopt;
}

std::optional<Refusal> ApplyInvitation(const Filing& filing) {
  const v1::ObserverInvitation& said = filing.body.observer_invitation();
  const std::vector<std::string> invited(said.invited().begin(), said.invited().end());
  if (auto refusal = RefuseBadSite("site", said.site())) return refusal;
  if (auto refusal = RefuseBadDates(filing, said.from_us(), said.until_us())) return refusal;
  if (auto refusal = RefuseBadText(kAccessInvalid, "access", said.access(),
                                   kCooperationTextBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (auto refusal = RefuseBadPlaces(filing, said.places())) return refusal;
  if (auto refusal = RefuseBadInvited(filing, invited)) return refusal;
  if (auto refusal = RefuseUnknown(filing, invited)) return refusal;

  v1::RecordState record = NewRecord(filing);
  v1::ObserverInvitationState& kept = *record.mutable_observer_invitation();
  kept.set_until_us(said.until_us());
  kept.set_places(said.places());
  *kept.mutable_invited() = said.invited();
  SaveRecord(filing, record);
  return std::nullopt;
}

}  // namespace observer_invitation

extern const RecordHandler kObserverInvitation;
constinit const RecordHandler kObserverInvitation{
    .name = "ObserverInvitation",
    .field = v1::Body::kObserverInvitation,
    .rules = observer_invitation::kRules,
    .apply = observer_invitation::ApplyInvitation,
    .retire = RetireNothing,
};

}  // namespace assent::rules
