// Launches that were not notified in time.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "assent/v1/revision.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/questions/declarations.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 1> kObservedTypes{"ObservedLaunch"};

// An observation is its observer's, whatever the reader may see of the state it is about.
bool Sees(const Sight& sight, const v1::RecordState& record) {
  if (!record.has_observed_launch() || record.visibility() == v1::PUBLIC) return true;
  const auto observer = MemberCode::From(record.author());
  return observer && sight.Of(*observer, kObservedTypes) == rules::Audience::kMembers;
}

v1::AnswerRow RowOf(const v1::RecordState& record, const StateTime& at, bool historic) {
  v1::AnswerRow row;
  row.add_entries(at.index.value());
  v1::LaunchRow& launch = *row.mutable_launch();
  launch.set_state(at.state.str());
  launch.set_at_us(at.time.us);
  if (record.has_notification()) {
    const v1::NotificationState& notified = record.notification();
    launch.set_basis(v1::LAUNCH_NOTIFIED);
    launch.set_kind(static_cast<v1::LaunchKind>(notified.kind()));
    launch.set_class_id(notified.class_id());
    launch.set_count(notified.count());
    launch.set_reference(notified.reference());
    launch.set_timeliness(static_cast<v1::Timeliness>(record.timeliness()));
  } else if (record.has_observed_launch()) {
    const v1::ObservedLaunchState& observed = record.observed_launch();
    launch.set_basis(v1::LAUNCH_OBSERVED);
    launch.set_kind(static_cast<v1::LaunchKind>(observed.kind()));
    launch.set_class_id(observed.class_id());
    launch.set_count(1);
    launch.set_observer(record.author());
    if (historic) launch.set_timeliness(v1::HISTORIC);
  } else {
    const v1::ReportState& reported = record.report();
    launch.set_basis(v1::LAUNCH_REPORTED);
    launch.set_kind(static_cast<v1::LaunchKind>(reported.kind()));
    launch.set_class_id(reported.class_id());
    launch.set_count(1);
    if (historic) launch.set_timeliness(v1::HISTORIC);
  }
  return row;
}

// The lead with which launches are to be notified; nothing when a revision has changed it.
std::optional<Duration> OnlyLead(const StateView& state) {
  const rules::LedgerParameters ledger = rules::ParametersOf(state);
  for (std::uint32_t number = 1; number <= ledger.revision; ++number) {
    const auto id = rules::RoundOfRevision(state, number);
    if (!id) return std::nullopt;
    const auto round = rules::LoadExisting<v1::RoundState>(state, rules::RoundKey(*id));
    if (round.changes().has_notification_lead_seconds()) return std::nullopt;
  }
  return ledger.notification_lead;
}

// As of an old height the sets have things in them that came later. What was there by then is of no
// later time than this: nobody reports a launch ahead, and one that is notified more than the lead
// ahead is in no set.
void EndAt(const Snapshot& ledger, StateTimeRange& range) {
  const auto lead = OnlyLead(ledger.state);
  if (ledger.tree_size == rules::kNewest || !lead) return;
  const Time end = ledger.time + *lead + Microseconds(1);
  range.end = std::min(range.end.value_or(end), end);
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::LaunchesWithoutTimelyNotification& question) {
  auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  StateTimeRange range{.set = question.historic() ? rules::kHistoric : rules::kUntimely,
                       .types = kLaunchTypes,
                       .state = *std::move(state),
                       .first = Time{0},
                       .end = std::nullopt};
  if (const std::int64_t year = question.year(); year != 0) {
    if (auto status = CheckYear(year); !status.ok()) return status;
    range.first = FromCivil({.year = year, .month = 1, .day = 1});
    range.end = FromCivil({.year = year + 1, .month = 1, .day = 1});
  }
  EndAt(asked.ledger, range);
  VisitByState(asked.ledger, asked.sight, range, asked.page, [&](const StateTime& at) {
    const auto record =
        rules::LoadExisting<v1::RecordState>(asked.ledger.state, rules::RecordKey(at.index));
    if (!Sees(asked.sight, record)) return true;
    return asked.page.Add(at.place, RowOf(record, at, question.historic()));
  });
  return absl::OkStatus();
}

}  // namespace assent::questions
