// LaunchReport: what became of a launch. Voluntary.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/counters.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/launch_time.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace launch_report {

constexpr Rule kOutcomeInvalid{"OUTCOME_INVALID",
                               "The outcome is LAUNCHED, FAILED or NOT_LAUNCHED."};
constexpr Rule kLaunchTimeMisplaced{"LAUNCH_TIME_MISPLACED", "NOT_LAUNCHED comes without a time."};
constexpr Rule kNotificationUnknown{"NOTIFICATION_UNKNOWN",
                                    "A notification that is named is one of the author's own."};
constexpr Rule kNotificationWithdrawn{"NOTIFICATION_WITHDRAWN",
                                      "A notification that is named has not been withdrawn."};
constexpr Rule kNotificationCancelled{"NOTIFICATION_CANCELLED",
                                      "A notification that is named has not been cancelled."};
constexpr Rule kNotificationMissing{
    "NOTIFICATION_MISSING", "NOT_LAUNCHED names the notification of what was not launched."};
constexpr Rule kKindMisplaced{
    "KIND_MISPLACED",
    "Kind and class are given only when no notification is named, which has them."};

constexpr std::array kRules{
    kOutcomeInvalid,      kLaunchTimeMissing,     kLaunchTimeInFuture,    kLaunchTimeMisplaced,
    kNotificationUnknown, kNotificationWithdrawn, kNotificationCancelled, kNotificationMissing,
    kKindMisplaced,       kKindInvalid,           kClassUnknown,          kClassWrongKind,
};

std::optional<Refusal> RefuseBadOutcome(const Filing& filing, const v1::LaunchReport& said) {
  switch (said.outcome()) {
    case v1::LAUNCHED:
    case v1::FAILED:
      return RefuseBadLaunchTime(filing, said.launched_at_us());
    case v1::NOT_LAUNCHED:
      if (said.launched_at_us() != 0) {
        return Refuse(kLaunchTimeMisplaced, "launched_at_us",
                      "what was not launched has no time of launch: leave it out");
      }
      if (!said.has_notification()) {
        return Refuse(kNotificationMissing, "notification",
                      "name the notification of what was not launched");
      }
      return std::nullopt;
    default:
      return Refuse(kOutcomeInvalid, "outcome",
                    "the outcome is missing or unknown: LAUNCHED, FAILED or NOT_LAUNCHED");
  }
}

// Finds the author's notification, any of its chain of amendments.
std::optional<Refusal> FindNotification(const Filing& filing, EntryIndex index,
                                        std::optional<StoredRecord>& notification) {
  notification = FindOwnRecord(filing.state, filing.author, index);
  if (!notification || notification->state.type() != v1::Body::kLaunchNotification) {
    return Refuse(kNotificationUnknown, "notification",
                  absl::StrCat("entry ", index.value(), " is no notification of ",
                               filing.author.str(), ": name one of its own, or none"));
  }
  const v1::RecordState newest = NewestOfChain(filing.state, *notification).state;
  if (newest.withdrawn()) {
    return Refuse(kNotificationWithdrawn, "notification",
                  absl::StrCat("notification ", index.value(), " was withdrawn by entry ",
                               newest.replaced_by(), ": report without naming it"));
  }
  if (newest.cancelled()) {
    return Refuse(
        kNotificationCancelled, "notification",
        absl::StrCat("notification ", index.value(), " was cancelled by entry ",
                     newest.replaced_by(), ": report a launch that took place without naming it"));
  }
  return std::nullopt;
}

// Reports count for the whole chain of amendments of a notification: the index of its first record.
EntryIndex ChainOf(const StoredRecord& notification) {
  return EntryIndex(notification.state.first_index());
}

v1::ReportState Keep(const v1::LaunchReport& said) {
  v1::ReportState kept;
  kept.set_outcome(static_cast<std::uint32_t>(said.outcome()));
  kept.set_launched_at_us(said.launched_at_us());
  kept.set_kind(static_cast<std::uint32_t>(said.kind()));
  kept.set_class_id(said.class_id());
  return kept;
}

// The same with what the newest record of its notification's chain says.
v1::ReportState Keep(const v1::LaunchReport& said, const v1::NotificationState& newest) {
  v1::ReportState kept = Keep(said);
  kept.set_notification(said.notification());
  kept.set_kind(newest.kind());
  kept.set_class_id(newest.class_id());
  return kept;
}

// True when `kept` amends a report of the same launch: one that had taken place by then, under the
// same notification, or of the same class without any.
bool IsOfSameLaunch(const Filing& filing, const v1::ReportState& kept,
                    const std::optional<StoredRecord>& notification) {
  const v1::ReportState& before = filing.amends->state.report();
  if (kept.launched_at_us() > before.judged_us()) return false;
  if (before.has_notification() != notification.has_value()) return false;
  if (!notification) return kept.kind() == before.kind() && kept.class_id() == before.class_id();
  const auto named = FindOwnRecord(filing.state, filing.author, EntryIndex(before.notification()));
  return named && ChainOf(*named) == ChainOf(*notification);
}

// Judges whether the report came in time. An amendment that reports of the same launch keeps the
// time by which that was judged; any other is judged as if it were filed anew.
compliance::Timeliness Judge(const Filing& filing, const std::optional<StoredRecord>& notification,
                             v1::ReportState& kept) {
  const bool keeps_time = filing.amends && IsOfSameLaunch(filing, kept, notification);
  kept.set_judged_us(keeps_time ? filing.amends->state.report().judged_us()
                                : filing.position.time.us);
  Time begun{kept.launched_at_us()};
  Time over = begun;
  if (notification) {
    const StoredRecord newest = NewestOfChain(filing.state, *notification);
    begun = {newest.state.notification().window_start_us()};
    over = {newest.state.notification().window_end_us()};
  }
  const Time due = compliance::ReportDue(over, {filing.ledger.report_due_us()});
  kept.set_due_us(due.us);
  return compliance::JudgeReport({kept.judged_us()}, begun, {filing.member.member_since_us()}, due);
}

// Counts a report, and flags it when there are more than were announced.
void Count(const Filing& filing, const StoredRecord& notification, v1::RecordState& record) {
  const EntryIndex chain = ChainOf(notification);
  Increase(filing.state, ReportsKey(chain), 1);
  const StoredRecord newest = NewestOfChain(filing.state, notification);
  if (CountAt(filing.state, ReportsKey(chain)) <= newest.state.notification().count()) return;
  record.set_flags(kFlagMoreReports);
  Save(filing.state, RecordKey(filing.position.index), record);
}

std::optional<Refusal> ApplyReport(const Filing& filing) {
  const v1::LaunchReport& said = filing.body.launch_report();
  if (auto refusal = RefuseBadOutcome(filing, said)) return refusal;
  std::optional<StoredRecord> notification;
  if (said.has_notification()) {
    if (auto refusal = FindNotification(filing, EntryIndex(said.notification()), notification)) {
      return refusal;
    }
    if (said.kind() != v1::LAUNCH_KIND_UNSPECIFIED || !said.class_id().empty()) {
      return Refuse(kKindMisplaced, "kind",
                    absl::StrCat("notification ", said.notification(),
                                 " gives kind and class: leave them out of the report"));
    }
  } else if (auto refusal = RefuseBadKindAndClass(filing.state, said.kind(), said.class_id())) {
    return refusal;
  }

  v1::RecordState record = NewRecord(filing);
  v1::ReportState& kept = *record.mutable_report();
  kept = notification ? Keep(said, NewestOfChain(filing.state, *notification).state.notification())
                      : Keep(said);
  record.set_timeliness(static_cast<std::uint32_t>(Judge(filing, notification, kept)));
  SaveRecord(filing, record);  // takes a report that it amends off its notification's count
  if (notification) Count(filing, *notification, record);
  return std::nullopt;
}

void RetireReport(StateOverlay& state, const StoredRecord& record) {
  if (!record.state.report().has_notification()) return;
  const EntryIndex index(record.state.report().notification());
  const auto notification = FindOwnRecord(state, AuthorOf(record), index);
  if (notification) Decrease(state, ReportsKey(ChainOf(*notification)), 1);
}

}  // namespace launch_report

extern const RecordHandler kLaunchReport;
constinit const RecordHandler kLaunchReport{
    .name = "LaunchReport",
    .field = v1::Body::kLaunchReport,
    .rules = launch_report::kRules,
    .apply = launch_report::ApplyReport,
    .retire = launch_report::RetireReport,
};

}  // namespace assent::rules
