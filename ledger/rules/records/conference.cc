// Conference: a host invites states, members or not, to a conference.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace conference {

constexpr Rule kTitleInvalid{"TITLE_INVALID", "The title is 1 to 256 bytes on one line."};
constexpr Rule kVenueInvalid{"VENUE_INVALID", "The venue is 1 to 256 bytes on one line."};
constexpr Rule kCodeInvalid{"CODE_INVALID", "Those invited have codes of 3 to 8 letters A-Z."};
constexpr Rule kNameInvalid{"NAME_INVALID",
                            "Those invited have names of 1 to 256 bytes on one line."};

constexpr std::array kRules{kTitleInvalid, kVenueInvalid,   kDatesInvalid, kDatesPassed,
                            kCodeInvalid,  kNameInvalid,    kInvitedCount, kInvitedTwice,
                            kHostInvited,  kAcceptedDropped};

std::optional<Refusal> RefuseBadInvitee(const v1::Invitee& invitee) {
  if (!MemberCode::From(invitee.code())) {
    return Refuse(kCodeInvalid, "invited.code",
                  "a code in invited is missing or none: give codes of 3 to 8 letters A-Z");
  }
  return RefuseBadText(kNameInvalid, "invited.name", invitee.name(), kNameBytesMax, Lines::kOne);
}

std::optional<Refusal> ApplyConference(const Filing& filing) {
  const v1::Conference& said = filing.body.conference();
  if (auto refusal =
          RefuseBadText(kTitleInvalid, "title", said.title(), kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (auto refusal =
          RefuseBadText(kVenueInvalid, "venue", said.venue(), kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (auto refusal = RefuseBadDates(filing, said.from_us(), said.until_us())) return refusal;
  std::vector<std::string> invited;
  for (const v1::Invitee& invitee : said.invited()) {
    if (auto refusal = RefuseBadInvitee(invitee)) return refusal;
    invited.push_back(invitee.code());
  }
  if (auto refusal = RefuseBadInvited(filing, invited)) return refusal;

  v1::RecordState record = NewRecord(filing);
  v1::ConferenceState& kept = *record.mutable_conference();
  kept.set_from_us(said.from_us());
  kept.set_until_us(said.until_us());
  kept.mutable_invited()->Assign(invited.begin(), invited.end());
  SaveRecord(filing, record);
  return std::nullopt;
}

}  // namespace conference

extern const RecordHandler kConference;
constinit const RecordHandler kConference{
    .name = "Conference",
    .field = v1::Body::kConference,
    .rules = conference::kRules,
    .apply = conference::ApplyConference,
    .retire = RetireNothing,
};

}  // namespace assent::rules
