// LaunchNotification: a launch announced beforehand.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/counters.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/places.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace launch_notification {

constexpr Rule kReferenceInvalid{"REFERENCE_INVALID",
                                 "The reference is 1 to 64 bytes of text on one line."};
constexpr Rule kReferenceTaken{
    "REFERENCE_TAKEN",
    "No other notification of the author has the reference, not even one that was withdrawn."};
constexpr Rule kReferenceChanged{"REFERENCE_CHANGED",
                                 "An amendment keeps the reference of what it amends."};
constexpr Rule kWindowInvalid{
    "WINDOW_INVALID",
    "Start and end of the window are given; it ends after it starts, in the years 1970 to 9999."};
constexpr Rule kWindowTooLong{"WINDOW_TOO_LONG", "The window is at most 7 days long."};
constexpr Rule kCountOutOfRange{"COUNT_OUT_OF_RANGE", "A notification announces 1 to 32 launches."};

constexpr std::array kRules{
    kReferenceInvalid, kReferenceTaken,    kReferenceChanged,   kKindInvalid,
    kClassUnknown,     kClassWrongKind,    kWindowInvalid,      kWindowTooLong,
    kAreaMissing,      kSiteNameInvalid,   kCoordinatesInvalid, kRadiusOutOfRange,
    kPolygonSize,      kPolygonRepeats,    kSeaAreaInvalid,     kDirectionMissing,
    kSectorIncomplete, kAzimuthOutOfRange, kSectorEmpty,        kCompassPointUnknown,
    kCountOutOfRange,
};

std::optional<Refusal> RefuseBadReference(const Filing& filing, const std::string& reference) {
  if (auto refusal = RefuseBadText(kReferenceInvalid, "reference", reference, kReferenceBytesMax,
                                   Lines::kOne)) {
    return refusal;
  }
  if (filing.amends) {
    const std::string& kept = filing.amends->state.notification().reference();
    if (kept == reference) return std::nullopt;
    return Refuse(kReferenceChanged, "reference",
                  absl::StrCat("an amendment keeps the reference: entry ",
                               filing.amends->index.value(), " has ", kept));
  }
  const auto taken = PointerAt(filing.state, ReferenceKey(filing.author, reference));
  if (!taken) return std::nullopt;
  return Refuse(kReferenceTaken, "reference",
                absl::StrCat(filing.author.str(), " has used reference ", reference, " in entry ",
                             taken->value(), ": take another, or amend that notification"));
}

std::optional<Refusal> RefuseBadWindow(const v1::LaunchNotification& said) {
  const std::int64_t start = said.window_start_us();
  const std::int64_t end = said.window_end_us();
  if (start == 0 || end == 0) {
    return Refuse(kWindowInvalid, start == 0 ? "window_start_us" : "window_end_us",
                  "the window is incomplete: give its start and its end");
  }
  if (start < 0 || end > kTimeMaxUs || start >= end) {
    return Refuse(
        kWindowInvalid, "window_end_us",
        absl::StrCat("the window from ", FormatTime({start}), " to ", FormatTime({end}),
                     " does not end after it starts, or is not in the years 1970 to 9999"));
  }
  if (end - start > Hours(kWindowHoursMax).us) {
    return Refuse(
        kWindowTooLong, "window_end_us",
        absl::StrCat("the window from ", FormatTime({start}), " to ", FormatTime({end}),
                     " is longer than ", kWindowHoursMax / 24, " days: notify a shorter one"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadLaunch(const Filing& filing, const v1::LaunchNotification& said) {
  if (auto refusal = RefuseBadKindAndClass(filing.state, said.kind(), said.class_id())) {
    return refusal;
  }
  if (auto refusal = RefuseBadWindow(said)) return refusal;
  if (auto refusal = RefuseBadArea("area", said.area())) return refusal;
  if (auto refusal = RefuseBadDirection("direction", said.direction())) return refusal;
  if (said.count() >= 1 && said.count() <= kLaunchesMax) return std::nullopt;
  return Refuse(kCountOutOfRange, "count",
                absl::StrCat("count ", said.count(), " is not from 1 to ", kLaunchesMax,
                             ": notify more launches separately"));
}

// SHA-256(0x08 || area and direction as they were filed): by which they are compared.
Hash PlaceHash(const v1::LaunchNotification& said) {
  v1::LaunchNotification place;
  *place.mutable_area() = said.area();
  *place.mutable_direction() = said.direction();
  return Sha256({std::string_view("\x08", 1), place.SerializeAsString()});
}

v1::NotificationState Keep(const v1::LaunchNotification& said) {
  v1::NotificationState kept;
  kept.set_reference(said.reference());
  kept.set_kind(static_cast<std::uint32_t>(said.kind()));
  kept.set_class_id(said.class_id());
  kept.set_count(said.count());
  kept.set_window_start_us(said.window_start_us());
  kept.set_window_end_us(said.window_end_us());
  kept.set_place_hash(PlaceHash(said).str());
  if (const auto box = BoxOf(said.area())) *kept.mutable_box() = ToState(*box);
  return kept;
}

// True when `after` announces nothing that `before` did not: the same launches, or fewer of them,
// in the same window or a part of it.
bool IsWithin(const v1::NotificationState& after, const v1::NotificationState& before) {
  return after.kind() == before.kind() && after.class_id() == before.class_id() &&
         after.place_hash() == before.place_hash() && after.count() <= before.count() &&
         after.window_start_us() >= before.window_start_us() &&
         after.window_end_us() <= before.window_end_us();
}

// The block time by which timeliness is judged. An amendment within what it amends keeps the time
// of that; any other is judged as if it were filed anew.
Time JudgedTime(const Filing& filing, const v1::NotificationState& kept) {
  if (!filing.amends) return filing.position.time;
  const v1::NotificationState& before = filing.amends->state.notification();
  return IsWithin(kept, before) ? Time{before.judged_us()} : filing.position.time;
}

// Where the launches of a notification are counted.
std::string CounterOf(const MemberCode& author, const v1::NotificationState& kept) {
  return NotifiedKey(author, ToCivil({kept.window_start_us()}).year, kept.class_id());
}

std::optional<Refusal> ApplyNotification(const Filing& filing) {
  const v1::LaunchNotification& said = filing.body.launch_notification();
  if (auto refusal = RefuseBadReference(filing, said.reference())) return refusal;
  if (auto refusal = RefuseBadLaunch(filing, said)) return refusal;

  v1::RecordState record = NewRecord(filing);
  v1::NotificationState& kept = *record.mutable_notification();
  kept = Keep(said);
  const Time judged = JudgedTime(filing, kept);
  kept.set_judged_us(judged.us);
  record.set_timeliness(static_cast<std::uint32_t>(compliance::JudgeNotification(
      judged, {said.window_start_us()}, {filing.member.member_since_us()},
      {filing.ledger.notification_lead_us()})));
  if (filing.amends &&
      CountAt(filing.state, ReportsKey(EntryIndex(record.first_index()))) > said.count()) {
    record.set_flags(kFlagMoreReports);
  }
  SaveRecord(filing, record);
  Increase(filing.state, CounterOf(filing.author, kept), kept.count());
  if (!filing.amends) {
    SavePointer(filing.state, ReferenceKey(filing.author, said.reference()), filing.position.index);
  }
  return std::nullopt;
}

void RetireNotification(StateOverlay& state, const StoredRecord& record) {
  const v1::NotificationState& kept = record.state.notification();
  Decrease(state, CounterOf(AuthorOf(record), kept), kept.count());
}

}  // namespace launch_notification

extern const RecordHandler kLaunchNotification;
constinit const RecordHandler kLaunchNotification{
    .name = "LaunchNotification",
    .field = v1::Body::kLaunchNotification,
    .rules = launch_notification::kRules,
    .apply = launch_notification::ApplyNotification,
    .retire = launch_notification::RetireNotification,
};

}  // namespace assent::rules
