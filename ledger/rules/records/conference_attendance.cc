// ConferenceAttendance: the host of a conference says which of the invited states attended.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace conference_attendance {

constexpr Rule kConferenceMissing{"CONFERENCE_MISSING", "The conference is named."};
constexpr Rule kConferenceUnknown{"CONFERENCE_UNKNOWN",
                                  "The conference is one of the author's own."};
constexpr Rule kConferenceWithdrawn{"CONFERENCE_WITHDRAWN",
                                    "The conference has not been withdrawn."};
constexpr Rule kConferenceAhead{"CONFERENCE_AHEAD", "The conference has begun."};
constexpr Rule kAttendedCount{"ATTENDED_COUNT", "From 1 to 256 states attended."};
constexpr Rule kAttendedTwice{"ATTENDED_TWICE", "No state is listed twice."};
constexpr Rule kAttendedUninvited{"ATTENDED_UNINVITED", "Those that attended were invited."};
constexpr Rule kAttendanceMoved{"ATTENDANCE_MOVED", "An amendment is for the same conference."};
constexpr Rule kAlreadyRecorded{
    "ALREADY_RECORDED",
    "A conference has one current record of its attendance; a correction is an amendment."};

constexpr std::array kRules{kConferenceMissing, kConferenceUnknown, kConferenceWithdrawn,
                            kMembersOnly,       kConferenceAhead,   kAttendanceMoved,
                            kAlreadyRecorded,   kAttendedCount,     kAttendedTwice,
                            kAttendedUninvited};

// Finds the newest amendment of the author's conference.
std::optional<Refusal> FindConference(const Filing& filing, const v1::ConferenceAttendance& said,
                                      std::optional<StoredRecord>& conference) {
  if (!said.has_conference()) {
    return Refuse(kConferenceMissing, "conference",
                  "the conference is missing: name the one that was attended");
  }
  conference = FindOwnRecord(filing.state, filing.author, EntryIndex(said.conference()));
  if (!conference || conference->state.type() != v1::Body::kConference) {
    return Refuse(kConferenceUnknown, "conference",
                  absl::StrCat("entry ", said.conference(), " is no conference of ",
                               filing.author.str(), ": only its host records who attended"));
  }
  conference = NewestOfChain(filing.state, *conference);
  const std::string name = absl::StrCat("conference ", said.conference());
  if (conference->state.withdrawn()) {
    return Refuse(kConferenceWithdrawn, "conference",
                  absl::StrCat(name, " was withdrawn by entry ", conference->state.replaced_by(),
                               ": nobody attended it"));
  }
  if (auto refusal = RefuseWiderAudience(filing, conference->state.visibility(), name)) {
    return refusal;
  }
  const Time from{conference->state.conference().from_us()};
  if (filing.position.time >= from) return std::nullopt;
  return Refuse(kConferenceAhead, "conference",
                absl::StrCat(name, " begins at ", FormatTime(from), ": block time is ",
                             FormatTime(filing.position.time)));
}

std::optional<Refusal> RefuseSecondRecord(const Filing& filing, std::uint64_t first) {
  if (filing.amends) {
    const std::uint64_t before = filing.amends->state.conference_attendance().conference();
    if (before == first) return std::nullopt;
    return Refuse(kAttendanceMoved, "conference",
                  absl::StrCat("entry ", filing.amends->index.value(),
                               " is about the conference that began with entry ", before,
                               ": an amendment is about the same"));
  }
  const auto pointer = Load<v1::PointerState>(filing.state, AttendanceKey(EntryIndex(first)));
  if (!pointer || !IsCurrentAt(filing.state, EntryIndex(pointer->index()))) return std::nullopt;
  return Refuse(kAlreadyRecorded, "conference",
                absl::StrCat("the attendance is recorded in entry ", pointer->index(),
                             ": amend that to correct it"));
}

std::optional<Refusal> RefuseBadAttended(const v1::ConferenceAttendance& said,
                                         const StoredRecord& conference) {
  if (said.attended().empty() || said.attended_size() > kInvitedMax) {
    return Refuse(
        kAttendedCount, "attended",
        absl::StrCat(said.attended_size(), " states are listed: name 1 to ", kInvitedMax));
  }
  const auto& invited = InvitedBy(conference);
  std::set<std::string> listed;
  for (const std::string& state : said.attended()) {
    if (std::find(invited.begin(), invited.end(), state) == invited.end()) {
      return Refuse(kAttendedUninvited, "attended",
                    absl::StrCat("a state is listed that conference ", said.conference(),
                                 " has not invited: list those that it has invited"));
    }
    if (!listed.insert(state).second) {
      return Refuse(kAttendedTwice, "attended",
                    absl::StrCat(state, " is listed twice: list it once"));
    }
  }
  return std::nullopt;
}

std::optional<Refusal> ApplyAttendance(const Filing& filing) {
  const v1::ConferenceAttendance& said = filing.body.conference_attendance();
  std::optional<StoredRecord> conference;
  if (auto refusal = FindConference(filing, said, conference)) return refusal;
  const std::uint64_t first = conference->state.first_index();
  if (auto refusal = RefuseSecondRecord(filing, first)) return refusal;
  if (auto refusal = RefuseBadAttended(said, *conference)) return refusal;

  const std::string key = AttendanceKey(EntryIndex(first));
  v1::RecordState record = NewRecord(filing);
  v1::AttendanceState& kept = *record.mutable_conference_attendance();
  kept.set_conference(first);
  *kept.mutable_attended() = said.attended();
  if (const auto before = Load<v1::PointerState>(filing.state, key)) {
    kept.set_previous(before->index());
  }
  SaveRecord(filing, record);
  v1::PointerState pointer;
  pointer.set_index(filing.position.index.value());
  Save(filing.state, key, pointer);
  return std::nullopt;
}

}  // namespace conference_attendance

extern const RecordHandler kConferenceAttendance;
constinit const RecordHandler kConferenceAttendance{
    .name = "ConferenceAttendance",
    .field = v1::Body::kConferenceAttendance,
    .rules = conference_attendance::kRules,
    .apply = conference_attendance::ApplyAttendance,
    .retire = RetireNothing,
};

}  // namespace assent::rules
