#include "ledger/rules/indexes.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/read.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

using compliance::Timeliness;

// Into whose sets the record goes.
std::vector<Audience> AudiencesOf(const StoredRecord& record) {
  if (record.state.visibility() == v1::PUBLIC) return {Audience::kMembers, Audience::kPublic};
  return {Audience::kMembers};
}

bool IsSeenBy(const StoredRecord& record, Audience audience) {
  return audience == Audience::kMembers || record.state.visibility() == v1::PUBLIC;
}

// The record under `index`; nothing where the view has none (see Apply).
std::optional<StoredRecord> RecordUnder(const StateView& state, std::uint64_t index) {
  auto record = Load<v1::RecordState>(state, RecordKey(EntryIndex(index)));
  if (!record) return std::nullopt;
  return StoredRecord{.index = EntryIndex(index), .state = *std::move(record)};
}

Timeliness TimelinessOf(const StoredRecord& record) {
  return static_cast<Timeliness>(record.state.timeliness());
}

// Where a thing stands in a set.
struct Standpoint {
  SetName set;
  std::string place;
};

// Notifications.

// The set of launches without timely notification that the notification itself belongs to.
std::optional<std::string_view> UntimelySetOf(const StoredRecord& notification) {
  switch (TimelinessOf(notification)) {
    case Timeliness::kLate:
    case Timeliness::kPostFacto:
      return kUntimely;
    case Timeliness::kHistoric:
      return kHistoric;
    default:
      return std::nullopt;
  }
}

Standpoint Unresolved(const StoredRecord& notification, Audience audience) {
  const Time end{notification.state.notification().window_end_us()};
  return {{kUnresolved, audience}, StatePlace(AuthorOf(notification), end, notification.index)};
}

bool IsReported(const StateView& state, Audience audience, const StoredRecord& notification) {
  const EntryIndex first(notification.state.first_index());
  return AnyIn(state, {kReports, audience}, absl::StrCat(IndexDigits(first), "/"));
}

TallyName AnnouncedTallyOf(Audience audience, const StoredRecord& notification) {
  const Time start{notification.state.notification().window_start_us()};
  return AnnouncedTally(audience, AuthorOf(notification), ToCivil(start).year,
                        TimelinessOf(notification));
}

void NotificationFiled(StateOverlay& state, const StoredRecord& notification, Audience audience,
                       EntryIndex by) {
  // A report names a notification that is on the ledger.
  const bool is_new = notification.state.first_index() == notification.index.value();
  if (is_new || !IsReported(state, audience, notification)) {
    const Standpoint unresolved = Unresolved(notification, audience);
    EnterNew(state, unresolved.set, unresolved.place, by);
  }
  Add(state, AnnouncedTallyOf(audience, notification), notification.state.notification().count(),
      by);
}

void NotificationReplaced(StateOverlay& state, const StoredRecord& notification, Audience audience,
                          EntryIndex by) {
  const Standpoint unresolved = Unresolved(notification, audience);
  Leave(state, unresolved.set, unresolved.place, by);
  Subtract(state, AnnouncedTallyOf(audience, notification),
           notification.state.notification().count(), by);
}

// Reports.

// The first record of the chain that a report names.
std::optional<StoredRecord> ChainOf(const StateView& state, const StoredRecord& report) {
  if (!report.state.report().has_notification()) return std::nullopt;
  const auto named = RecordUnder(state, report.state.report().notification());
  return named ? RecordUnder(state, named->state.first_index()) : std::nullopt;
}

// The record of the chain that held when the entry `at` was filed.
StoredRecord HeldAt(const StateView& state, StoredRecord record, EntryIndex at) {
  while (record.state.has_replaced_by() && record.state.replaced_by() < at.value()) {
    auto next = RecordUnder(state, record.state.replaced_by());
    if (!next) break;  // withdrawn or cancelled, which leaves no record
    record = *std::move(next);
  }
  return record;
}

// By the notification as it stood when the launch was reported.
Announced HowAnnounced(const StateView& state, const StoredRecord& chain,
                       const StoredRecord& report) {
  switch (TimelinessOf(HeldAt(state, chain, report.index))) {
    case Timeliness::kTimely:
      return Announced::kTimely;
    case Timeliness::kHistoric:
      return Announced::kOfTimeBefore;
    default:
      return Announced::kLate;
  }
}

// Where a report stands that names no notification.
Standpoint Unannounced(const StoredRecord& report, Audience audience, Announced how) {
  const Time launched{report.state.report().launched_at_us()};
  return {{how == Announced::kOfTimeBefore ? kHistoric : kUntimely, audience},
          StatePlace(AuthorOf(report), launched, report.index)};
}

TallyName LaunchedTallyOf(Audience audience, const StoredRecord& report, Announced how) {
  const Time launched{report.state.report().launched_at_us()};
  return LaunchedTally(audience, AuthorOf(report), ToCivil(launched).year, how);
}

bool WasLaunched(const StoredRecord& report) {
  return report.state.report().outcome() != v1::NOT_LAUNCHED;
}

void ReportFiled(const Filing& filing, const StoredRecord& report, Audience audience) {
  StateOverlay& state = filing.state;
  const EntryIndex by = filing.position.index;
  Announced how = Announced::kNot;
  if (const auto chain = ChainOf(state, report)) {
    how = HowAnnounced(state, *chain, report);
    const Standpoint unresolved = Unresolved(NewestOfChain(state, *chain), audience);
    Leave(state, unresolved.set, unresolved.place, by);
  } else {
    const bool before_member =
        report.state.report().launched_at_us() < filing.member.member_since_us();
    if (before_member) how = Announced::kOfTimeBefore;
    const Standpoint unannounced = Unannounced(report, audience, how);
    Enter(state, unannounced.set, unannounced.place, by);
  }
  if (WasLaunched(report)) Add(state, LaunchedTallyOf(audience, report, how), 1, by);
}

void ReportReplaced(StateOverlay& state, const StoredRecord& report, Audience audience,
                    EntryIndex by) {
  Announced how = Announced::kNot;
  if (const auto chain = ChainOf(state, report)) {
    how = HowAnnounced(state, *chain, report);
    const StoredRecord newest = NewestOfChain(state, *chain);
    if (IsCurrent(newest) && IsSeenBy(newest, audience) && !IsReported(state, audience, newest)) {
      const Standpoint unresolved = Unresolved(newest, audience);
      Enter(state, unresolved.set, unresolved.place, by);
    }
  } else {
    const Standpoint historic = Unannounced(report, audience, Announced::kOfTimeBefore);
    if (IsIn(state, historic.set, historic.place)) how = Announced::kOfTimeBefore;
    const Standpoint unannounced = Unannounced(report, audience, how);
    Leave(state, unannounced.set, unannounced.place, by);
  }
  if (WasLaunched(report)) Subtract(state, LaunchedTallyOf(audience, report, how), 1, by);
}

// Observed launches. One that was notified in time is in no set, and neither is one that is
// contested.

MemberCode AttributedOf(const StoredRecord& observation) {
  const auto code = MemberCode::From(observation.state.observed_launch().attributed());
  if (!code) StopOnDamagedState(RecordKey(observation.index));
  return *code;
}

// True when the attributed state has notified a launch of the kind in time, in a window that holds
// and that the launch lies in. Looks at a bounded number of windows.
bool WasNotifiedInTime(const StateView& state, const StoredRecord& observation, Audience audience) {
  const v1::ObservedLaunchState& observed = observation.state.observed_launch();
  const std::string prefix = absl::StrCat(AttributedOf(observation).str(), "/");
  const Time earliest{
      std::max<std::int64_t>(0, observed.launched_at_us() - Hours(kWindowHoursMax).us)};
  const std::string from = absl::StrCat(prefix, TimeDigits(earliest));
  std::size_t keys = kWindowsLookedAtMax;
  bool notified = false;
  VisitSet(state,
           {.set = {kWindows, audience}, .tree_size = kNewest, .prefix = prefix, .from = from},
           keys, [&](std::string_view place) {
             const auto record = RecordUnder(state, IndexAtEnd(place).value());
             if (!record) return true;
             const v1::NotificationState& announced = record->state.notification();
             if (announced.window_start_us() > observed.launched_at_us()) return false;
             notified = announced.kind() == observed.kind() &&
                        announced.window_end_us() >= observed.launched_at_us() &&
                        TimelinessOf(*record) == Timeliness::kTimely;
             return !notified;
           });
  return notified;
}

bool IsContested(const StateView& state, const StoredRecord& observation, Audience audience) {
  const auto newest = PointerAt(state, AnswerKey(EntryIndex(observation.state.first_index())));
  const auto answer = newest ? RecordUnder(state, newest->value()) : std::nullopt;
  return answer && IsCurrent(*answer) && IsSeenBy(*answer, audience) &&
         answer->state.observed_launch_answer().answer() == v1::CONTESTED;
}

Time LaunchedAt(const StoredRecord& observation) {
  return {observation.state.observed_launch().launched_at_us()};
}

std::string ObservedPlace(const StoredRecord& observation) {
  return StatePlace(AttributedOf(observation), LaunchedAt(observation), observation.index);
}

TallyName ObservedTallyOf(Audience audience, const StoredRecord& observation) {
  return ObservedTally(audience, AttributedOf(observation), ToCivil(LaunchedAt(observation)).year);
}

void LeaveObserved(StateOverlay& state, const StoredRecord& observation, Audience audience,
                   EntryIndex by) {
  const std::string place = ObservedPlace(observation);
  if (IsIn(state, {kUntimely, audience}, place)) {
    Subtract(state, ObservedTallyOf(audience, observation), 1, by);
  }
  Leave(state, {kUntimely, audience}, place, by);
  Leave(state, {kHistoric, audience}, place, by);
}

void EnterObserved(StateOverlay& state, const StoredRecord& observation, Audience audience,
                   EntryIndex by) {
  if (IsContested(state, observation, audience)) return;
  const std::string place = ObservedPlace(observation);
  const auto member = Load<v1::MemberState>(state, MemberKey(AttributedOf(observation)));
  if (!member || LaunchedAt(observation).us < member->member_since_us()) {
    Enter(state, {kHistoric, audience}, place, by);
  } else if (!WasNotifiedInTime(state, observation, audience)) {
    Enter(state, {kUntimely, audience}, place, by);
    Add(state, ObservedTallyOf(audience, observation), 1, by);
  }
}

// `answer` counts from the entry `by` on, or counts no more.
void AnswerChanged(StateOverlay& state, const StoredRecord& answer, Audience audience,
                   EntryIndex by) {
  const auto named = RecordUnder(state, answer.state.observed_launch_answer().observation());
  if (!named) return;
  const StoredRecord newest = NewestOfChain(state, *named);
  if (!IsCurrent(newest) || !IsSeenBy(newest, audience)) return;
  if (IsContested(state, newest, audience)) {
    LeaveObserved(state, newest, audience, by);
  } else if (!IsIn(state, {kUntimely, audience}, ObservedPlace(newest)) &&
             !IsIn(state, {kHistoric, audience}, ObservedPlace(newest))) {
    EnterObserved(state, newest, audience, by);
  }
}

// Pledges.

void PledgeFiled(const Filing& filing, const StoredRecord& pledge, Audience audience) {
  const Time target{filing.body.pledge().target_date_us()};
  Enter(filing.state, {kPledges, audience}, StatePlace(filing.author, target, pledge.index),
        filing.position.index);
}

// Its target date is kept by its place alone. A state has few pledges that hold.
void PledgeReplaced(StateOverlay& state, const StoredRecord& pledge, Audience audience,
                    EntryIndex by) {
  const std::string prefix = absl::StrCat(AuthorOf(pledge).str(), "/");
  const SetName set{kPledges, audience};
  std::size_t keys = std::numeric_limits<std::size_t>::max();
  std::string found;
  VisitSet(state, {.set = set, .tree_size = kNewest, .prefix = prefix, .from = prefix}, keys,
           [&](std::string_view place) {
             if (IndexAtEnd(place) != pledge.index) return true;
             found = place;
             return false;
           });
  if (!found.empty()) Leave(state, set, found, by);
}

// Where a record stands for as long as it holds, whatever else is filed. Each place ends with the
// record's own index.
std::vector<Standpoint> Standpoints(const StateView& state, const StoredRecord& record,
                                    Audience audience) {
  const MemberCode author = AuthorOf(record);
  std::vector<Standpoint> in;
  if (record.state.has_notification()) {
    const Time start{record.state.notification().window_start_us()};
    const std::string place = StatePlace(author, start, record.index);
    in.push_back({{kWindows, audience}, place});
    if (const auto set = UntimelySetOf(record)) in.push_back({{*set, audience}, place});
  } else if (record.state.has_report()) {
    if (const auto chain = ChainOf(state, record)) {
      in.push_back({{kReports, audience}, ReportPlace(chain->index, record.index)});
    }
  } else if (record.state.has_declaration()) {
    const v1::DeclarationState& kept = record.state.declaration();
    const std::string place = YearPlace(kept.year(), author, record.index);
    in.push_back({{kDeclared, audience}, place});
    if (kept.ballistic_form() == v1::NIL && kept.space_form() == v1::NIL) {
      in.push_back({{kNil, audience}, place});
    }
    // What differs follows from notifications, and these may be for members.
    if (audience == Audience::kMembers && (record.state.flags() & kFlagCountsDiffer) != 0) {
      in.push_back({{kDiffering, audience}, place});
    }
  } else if (IsInvitation(record)) {
    for (const std::string& text : InvitedBy(record)) {
      const auto invited = MemberCode::From(text);
      if (!invited) StopOnDamagedState(RecordKey(record.index));
      const Time until = UntilOf(record);
      in.push_back({{kInvitations, audience}, StatePlace(*invited, until, record.index)});
    }
  }
  return in;
}

}  // namespace

std::string StatePlace(const MemberCode& state, Time time, EntryIndex index) {
  return absl::StrCat(state.str(), "/", TimeDigits(time), "/", IndexDigits(index));
}

std::string YearPlace(std::int64_t year, const MemberCode& state, EntryIndex index) {
  return absl::StrCat(YearPrefix(year, state), IndexDigits(index));
}

std::string YearPrefix(std::int64_t year, const MemberCode& state) {
  return absl::StrCat(YearDigits(year), "/", state.str(), "/");
}

std::string ReportPlace(EntryIndex first_of_chain, EntryIndex index) {
  return absl::StrCat(IndexDigits(first_of_chain), "/", IndexDigits(index));
}

EntryIndex IndexAtEnd(std::string_view place) {
  std::uint64_t index = 0;
  if (!absl::SimpleAtoi(AbslView(place.substr(place.rfind('/') + 1)), &index)) {
    StopOnDamagedState(place);
  }
  return EntryIndex(index);
}

TallyName ObservedTally(Audience audience, const MemberCode& state, std::int64_t year) {
  return {audience, absl::StrCat("observed/", state.str(), "/", YearDigits(year))};
}

TallyName AnnouncedTally(Audience audience, const MemberCode& state, std::int64_t year,
                         Timeliness timeliness) {
  return {audience, absl::StrCat("announced/", state.str(), "/", YearDigits(year), "/",
                                 static_cast<int>(timeliness))};
}

TallyName LaunchedTally(Audience audience, const MemberCode& state, std::int64_t year,
                        Announced how) {
  return {audience, absl::StrCat("launched/", state.str(), "/", YearDigits(year), "/",
                                 static_cast<int>(how))};
}

void IndexFiled(const Filing& filing, const StoredRecord& record) {
  const EntryIndex by = filing.position.index;
  if (by >= kFirstWaitingIndex) return;
  for (const Audience audience : AudiencesOf(record)) {
    for (const Standpoint& in : Standpoints(filing.state, record, audience)) {
      EnterNew(filing.state, in.set, in.place, by);
    }
    if (record.state.has_notification()) NotificationFiled(filing.state, record, audience, by);
    if (record.state.has_report()) ReportFiled(filing, record, audience);
    if (record.state.has_observed_launch()) EnterObserved(filing.state, record, audience, by);
    if (record.state.has_observed_launch_answer()) {
      AnswerChanged(filing.state, record, audience, by);
    }
    if (record.state.type() == v1::Body::kPledge) PledgeFiled(filing, record, audience);
  }
}

void IndexReplaced(StateOverlay& state, const StoredRecord& record, EntryIndex by) {
  if (by >= kFirstWaitingIndex) return;
  for (const Audience audience : AudiencesOf(record)) {
    for (const Standpoint& in : Standpoints(state, record, audience)) {
      Leave(state, in.set, in.place, by);
    }
    if (record.state.has_notification()) NotificationReplaced(state, record, audience, by);
    if (record.state.has_report()) ReportReplaced(state, record, audience, by);
    if (record.state.has_observed_launch()) LeaveObserved(state, record, audience, by);
    if (record.state.has_observed_launch_answer()) AnswerChanged(state, record, audience, by);
    if (record.state.type() == v1::Body::kPledge) PledgeReplaced(state, record, audience, by);
  }
}

}  // namespace assent::rules
