#include "ledger/rules/changes.h"

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/act/act_lines.h"
#include "ledger/crypto/hash.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

using act_lines::kPeriods;

// New periods in seconds, in the order of kPeriods.
std::array<std::optional<std::uint32_t>, kPeriods.size()> PeriodsOf(
    const v1::RevisionChanges& changes) {
  const auto given = [](bool has, std::uint32_t seconds) {
    return has ? std::optional(seconds) : std::nullopt;
  };
  return {given(changes.has_notification_lead_seconds(), changes.notification_lead_seconds()),
          given(changes.has_report_due_seconds(), changes.report_due_seconds()),
          given(changes.has_comment_period_seconds(), changes.comment_period_seconds()),
          given(changes.has_signature_period_seconds(), changes.signature_period_seconds()),
          given(changes.has_heartbeat_seconds(), changes.heartbeat_seconds()),
          given(changes.has_max_clock_skew_seconds(), changes.max_clock_skew_seconds())};
}

ActParameters Changed(ActParameters parameters, const v1::RevisionChanges& changes) {
  const auto periods = PeriodsOf(changes);
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (periods[i]) parameters.*kPeriods[i].field = Seconds(*periods[i]);
  }
  if (changes.has_entries_per_author_and_day()) {
    parameters.entries_per_author_and_day = changes.entries_per_author_and_day();
  }
  return parameters;
}

LaunchClass ClassOf(const v1::ClassAddition& added) {
  return {.id = added.id(),
          .kind = added.kind() == v1::BALLISTIC_MISSILE ? ClassKind::kBallisticMissile
                                                        : ClassKind::kSpaceLaunch,
          .name = added.name()};
}

}  // namespace

std::string FormatChanges(const v1::RevisionChanges& changes) {
  std::string lines;
  const auto periods = PeriodsOf(changes);
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (periods[i]) absl::StrAppend(&lines, AbslView(kPeriods[i].label), *periods[i], "\n");
  }
  if (changes.has_entries_per_author_and_day()) {
    absl::StrAppend(&lines, AbslView(act_lines::kEntriesPerDay),
                    changes.entries_per_author_and_day(), "\n");
  }
  for (const v1::ClassAddition& added : changes.classes()) lines += FormatClassLine(ClassOf(added));
  return lines;
}

Hash RevisionHash(std::string_view text, const v1::RevisionChanges& changes) {
  const std::string lines = FormatChanges(changes);
  if (lines.empty()) return Sha256(text);
  std::string whole(text);
  whole += '\0';  // no text has it
  return Sha256(whole + lines);
}

std::optional<Refusal> RefuseBadChanges(const StateView& state, const v1::LedgerState& ledger,
                                        const v1::RevisionChanges& changes) {
  if (FormatChanges(changes).empty()) {
    return Refuse(kChangesEmpty, "changes", "changes name nothing: leave them out");
  }
  const absl::Status parameters = CheckActParameters(Changed(LoadParameters(ledger), changes));
  if (!parameters.ok()) {
    return Refuse(kParameterOutOfBounds, "changes", std::string(parameters.message()));
  }
  std::vector<LaunchClass> classes = ClassList(state);
  for (const v1::ClassAddition& added : changes.classes()) {
    if (added.kind() != v1::BALLISTIC_MISSILE && added.kind() != v1::SPACE_LAUNCH) {
      return Refuse(kClassInvalid, "changes.classes",
                    "the kind of a class is missing or unknown: BALLISTIC_MISSILE or SPACE_LAUNCH");
    }
    classes.push_back(ClassOf(added));
  }
  const absl::Status listed = CheckLaunchClasses(classes);
  if (!listed.ok()) return Refuse(kClassInvalid, "changes.classes", std::string(listed.message()));
  return std::nullopt;
}

void PutChangesInForce(const v1::RevisionChanges& changes, std::uint32_t number,
                       v1::LedgerState& ledger, StateOverlay& state) {
  StoreParameters(Changed(LoadParameters(ledger), changes), ledger);
  std::uint32_t position = static_cast<std::uint32_t>(ClassList(state).size());
  for (const v1::ClassAddition& added : changes.classes()) {
    v1::ClassState stored;
    stored.set_kind(static_cast<std::uint32_t>(added.kind()));
    stored.set_name(added.name());
    stored.set_position(position++);
    stored.set_since_revision(number);
    Save(state, ClassKey(added.id()), stored);
  }
}

ActParameters LoadParameters(const v1::LedgerState& ledger) {
  ActParameters parameters;
  parameters.notification_lead = {ledger.notification_lead_us()};
  parameters.report_due = {ledger.report_due_us()};
  parameters.comment_period = {ledger.comment_period_us()};
  parameters.signature_period = {ledger.signature_period_us()};
  parameters.heartbeat = {ledger.heartbeat_us()};
  parameters.max_clock_skew = {ledger.max_clock_skew_us()};
  parameters.entries_per_author_and_day = ledger.entries_per_author_and_day();
  return parameters;
}

void StoreParameters(const ActParameters& parameters, v1::LedgerState& ledger) {
  ledger.set_notification_lead_us(parameters.notification_lead.us);
  ledger.set_report_due_us(parameters.report_due.us);
  ledger.set_comment_period_us(parameters.comment_period.us);
  ledger.set_signature_period_us(parameters.signature_period.us);
  ledger.set_heartbeat_us(parameters.heartbeat.us);
  ledger.set_max_clock_skew_us(parameters.max_clock_skew.us);
  ledger.set_entries_per_author_and_day(parameters.entries_per_author_and_day);
}

}  // namespace assent::rules
