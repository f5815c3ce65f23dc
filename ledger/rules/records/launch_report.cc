// LaunchReport: what became of a launch. Voluntary.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/counters.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

constexpr Rule kOutcomeInvalid{"OUTCOME_INVALID",
                               "The outcome is LAUNCHED, FAILED or NOT_LAUNCHED."};
constexpr Rule kLaunchTimeMissing{
    "LAUNCH_TIME_MISSING", "LAUNCHED and FAILED come with the time of the launch, from 1970 on."};
constexpr Rule kLaunchTimeInFuture{"LAUNCH_TIME_IN_FUTURE",
                                   "The time of the launch is not after block time."};
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
  const std::int64_t launched_us = said.launched_at_us();
  switch (said.outcome()) {
    case v1::LAUNCHED:
    case v1::FAILED:
      if (launched_us <= 0) {
        return Refuse(kLaunchTimeMissing, "launched_at_us",
                      "the time of the launch is missing: say when it took place");
      }
      if (launched_us > filing.position.time.us) {
        return Refuse(kLaunchTimeInFuture, "launched_at_us",
                      absl::StrCat("the launch at ", FormatTime({launched_us}),
                                   " has not taken place yet: block time is ",
                                   FormatTime(filing.position.time)));
      }
      return std::nullopt;
    case v1::NOT_LAUNCHED:
      if (launched_us != 0) {
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

// Where the reports of a notification are counted, for its whole chain of amendments.
std::string ReportsOf(const StoredRecord& notification) {
  return ReportsKey(EntryIndex(notification.state.first_index()));
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
  if (notification) kept.set_notification(notification->index.value());
  SaveRecord(filing, record);  // takes a report that it amends off its notification's count
  if (notification) {
    const std::string reports = ReportsOf(*notification);
    Increase(filing.state, reports, 1);
    const StoredRecord newest = NewestOfChain(filing.state, *notification);
    if (CountAt(filing.state, reports) > newest.state.notification().count()) {
      record.set_flags(kFlagMoreReports);
      Save(filing.state, RecordKey(filing.position.index), record);
    }
  }
  return std::nullopt;
}

void RetireReport(StateOverlay& state, const StoredRecord& record) {
  if (!record.state.report().has_notification()) return;
  const EntryIndex index(record.state.report().notification());
  const auto notification = FindOwnRecord(state, AuthorOf(record), index);
  if (notification) Decrease(state, ReportsOf(*notification), 1);
}

}  // namespace

extern const RecordHandler kLaunchReport;
constinit const RecordHandler kLaunchReport{
    .name = "LaunchReport",
    .field = v1::Body::kLaunchReport,
    .rules = kRules,
    .apply = ApplyReport,
    .retire = RetireReport,
};

}  // namespace assent::rules
