// LaunchCancellation: an author says that launches that it has notified will not take place. The
// notification stays on the ledger, shown as cancelled, and announces nothing any more.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace launch_cancellation {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kNotificationMissing{"NOTIFICATION_MISSING", "The notification is named."};
constexpr Rule kNotificationUnknown{"NOTIFICATION_UNKNOWN",
                                    "The notification is one of the author's own."};
constexpr Rule kNotificationAmended{"NOTIFICATION_AMENDED",
                                    "The notification has not been amended."};
constexpr Rule kNotificationWithdrawn{"NOTIFICATION_WITHDRAWN",
                                      "The notification has not been withdrawn."};
constexpr Rule kNotificationCancelled{"NOTIFICATION_CANCELLED",
                                      "The notification has not been cancelled before."};
constexpr Rule kNotificationPublic{"NOTIFICATION_PUBLIC",
                                   "What cancels a PUBLIC notification is PUBLIC."};

constexpr std::array kRules{kReasonInvalid,       kNotificationMissing,   kNotificationUnknown,
                            kNotificationAmended, kNotificationWithdrawn, kNotificationCancelled,
                            kNotificationPublic};

// Of a notification that is not current.
Refusal RefuseReplaced(const Filing& filing, const StoredRecord& notification) {
  const std::string name = absl::StrCat("notification ", notification.index.value());
  const std::uint64_t by = notification.state.replaced_by();
  if (notification.state.withdrawn()) {
    return Refuse(kNotificationWithdrawn, "notification",
                  absl::StrCat(name, " was withdrawn by entry ", by, ": it announces nothing"));
  }
  if (notification.state.cancelled()) {
    return Refuse(kNotificationCancelled, "notification",
                  absl::StrCat(name, " was cancelled by entry ", by, " already"));
  }
  return Refuse(kNotificationAmended, "notification",
                absl::StrCat(name, " was amended by entry ", by, ": cancel the newest amendment, ",
                             NewestOfChain(filing.state, notification).index.value()));
}

std::optional<Refusal> ApplyCancellation(const Filing& filing) {
  const v1::LaunchCancellation& said = filing.body.launch_cancellation();
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(),
                                   kCancellationReasonBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!said.has_notification()) {
    return Refuse(kNotificationMissing, "notification",
                  "the notification is missing: name the one whose launches are cancelled");
  }
  auto notification = FindOwnRecord(filing.state, filing.author, EntryIndex(said.notification()));
  if (!notification || notification->state.type() != v1::Body::kLaunchNotification) {
    return Refuse(kNotificationUnknown, "notification",
                  absl::StrCat("entry ", said.notification(), " is no notification of ",
                               filing.author.str(), ": name one of its own"));
  }
  if (!IsCurrent(*notification)) return RefuseReplaced(filing, *notification);
  if (notification->state.visibility() == v1::PUBLIC && filing.body.visibility() != v1::PUBLIC) {
    return Refuse(kNotificationPublic, "visibility",
                  absl::StrCat("notification ", said.notification(),
                               " is PUBLIC: cancel it with visibility PUBLIC, so that all who "
                               "could read it can read why it was cancelled"));
  }
  CancelRecord(filing, *std::move(notification));
  return std::nullopt;
}

}  // namespace launch_cancellation

extern const RecordHandler kLaunchCancellation;
constinit const RecordHandler kLaunchCancellation{
    .name = "LaunchCancellation",
    .field = v1::Body::kLaunchCancellation,
    .rules = launch_cancellation::kRules,
    .apply = launch_cancellation::ApplyCancellation,
};

}  // namespace assent::rules
