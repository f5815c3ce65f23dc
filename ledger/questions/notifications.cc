// Notifications: whose window is open, and whose window has ended without a word.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "assent/v1/state.pb.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/limits.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_parameters.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 1> kActiveTypes{"LaunchNotification"};
constexpr std::array<std::string_view, 3> kUnresolvedTypes{"LaunchNotification", "LaunchReport",
                                                           "LaunchCancellation"};

using Box = v1::ActiveNotifications::Box;

v1::AnswerRow RowOf(const StateTime& at, const v1::RecordState& record) {
  const v1::NotificationState& notified = record.notification();
  v1::AnswerRow row;
  row.add_entries(at.index.value());
  v1::NotificationRow& said = *row.mutable_notification();
  said.set_state(at.state.str());
  said.set_index(at.index.value());
  said.set_reference(notified.reference());
  said.set_kind(static_cast<v1::LaunchKind>(notified.kind()));
  said.set_class_id(notified.class_id());
  said.set_count(notified.count());
  said.set_window_start_us(notified.window_start_us());
  said.set_window_end_us(notified.window_end_us());
  said.set_timeliness(static_cast<v1::Timeliness>(record.timeliness()));
  said.set_named_area(!notified.has_box());
  return row;
}

absl::Status CheckBox(const Box& box) {
  const auto within = [](std::int32_t degrees, std::int32_t max) {
    return degrees >= -max && degrees <= max;
  };
  if (!within(box.south_udeg(), kLatitudeMaxUdeg) || !within(box.north_udeg(), kLatitudeMaxUdeg) ||
      box.south_udeg() > box.north_udeg()) {
    return absl::InvalidArgumentError(
        "the box has latitudes that are none, or its south above its north: -90 to 90 degrees");
  }
  if (!within(box.west_udeg(), kLongitudeMaxUdeg) || !within(box.east_udeg(), kLongitudeMaxUdeg)) {
    return absl::InvalidArgumentError("the box has longitudes that are none: -180 to 180 degrees");
  }
  return absl::OkStatus();
}

// True when two ranges of longitude, each going east, have a meridian in common. Either may cross
// the antimeridian: then its east is below its west.
bool LongitudesMeet(std::int64_t west, std::int64_t east, std::int64_t other_west,
                    std::int64_t other_east) {
  constexpr std::int64_t kTurn = 2 * std::int64_t{kLongitudeMaxUdeg};
  if (east < west) east += kTurn;
  if (other_east < other_west) other_east += kTurn;
  for (const std::int64_t shift : {-kTurn, std::int64_t{0}, kTurn}) {
    if (west <= other_east + shift && other_west + shift <= east) return true;
  }
  return false;
}

// A named sea area may be anywhere.
bool MayTouch(const Box& box, const v1::NotificationState& notified) {
  if (!notified.has_box()) return true;
  const v1::BoxState& area = notified.box();
  return box.south_udeg() <= area.north_udeg() && area.south_udeg() <= box.north_udeg() &&
         LongitudesMeet(box.west_udeg(), box.east_udeg(), area.west_udeg(), area.east_udeg());
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::ActiveNotifications& question) {
  if (question.has_box()) {
    if (auto status = CheckBox(question.box()); !status.ok()) return status;
  }
  const Time now = question.has_at_us() ? Time{question.at_us()} : asked.ledger.time;
  if (now.us < 0 || now.us > kTimeMaxUs) {
    return absl::InvalidArgumentError("the time is not in the years 1970 to 9999");
  }
  // A window is not longer than kWindowHoursMax, and open at both its ends.
  const StateTimeRange range{.set = rules::kWindows,
                             .types = kActiveTypes,
                             .state = std::nullopt,
                             .first = now - Hours(kWindowHoursMax),
                             .end = Time{now.us + 1}};
  VisitByState(asked.ledger, asked.sight, range, asked.page, [&](const StateTime& at) {
    const auto record =
        rules::LoadExisting<v1::RecordState>(asked.ledger.state, rules::RecordKey(at.index));
    if (record.notification().window_end_us() < now.us) return true;
    if (question.has_box() && !MayTouch(question.box(), record.notification())) return true;
    return asked.page.Add(at.place, RowOf(at, record));
  });
  return absl::OkStatus();
}

absl::Status Answer(const Asked& asked, const v1::ExpiredUnresolved& question) {
  auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  const Duration report_due =
      rules::ParametersAt(asked.ledger.state, asked.ledger.tree_size).report_due;
  const StateTimeRange range{.set = rules::kUnresolved,
                             .types = kUnresolvedTypes,
                             .state = *std::move(state),
                             .first = Time{0},
                             .end = asked.ledger.time};
  VisitByState(asked.ledger, asked.sight, range, asked.page, [&](const StateTime& at) {
    const auto record =
        rules::LoadExisting<v1::RecordState>(asked.ledger.state, rules::RecordKey(at.index));
    v1::AnswerRow row = RowOf(at, record);
    row.mutable_notification()->set_report_due_us(compliance::ReportDue(at.time, report_due).us);
    return asked.page.Add(at.place, std::move(row));
  });
  return absl::OkStatus();
}

}  // namespace assent::questions
