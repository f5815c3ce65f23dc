// Which sets and tallies a record is in, by what is kept of it. One place for all types: a record
// that is filed enters them, one that is amended, withdrawn or cancelled leaves them.
#ifndef ASSENT_LEDGER_RULES_INDEXES_H_
#define ASSENT_LEDGER_RULES_INDEXES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/compliance/timeliness.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/tallies.h"
#include "ledger/types.h"

namespace assent::rules {

// Sets (keys.h).
inline constexpr std::string_view kWindows = "windows";
inline constexpr std::string_view kUnresolved = "unresolved";
inline constexpr std::string_view kUntimely = "untimely";
inline constexpr std::string_view kHistoric = "historic";
inline constexpr std::string_view kReports = "reports";
inline constexpr std::string_view kDeclared = "declared";
inline constexpr std::string_view kNil = "nil";
inline constexpr std::string_view kDiffering = "differing";
inline constexpr std::string_view kPledges = "pledges";
inline constexpr std::string_view kClarifications = "clarifications";
inline constexpr std::string_view kInvitations = "invitations";

// Places.
std::string StatePlace(const MemberCode& state, Time time, EntryIndex index);
std::string YearPlace(std::int64_t year, const MemberCode& state, EntryIndex index);
std::string YearPrefix(std::int64_t year, const MemberCode& state);
std::string ReportPlace(EntryIndex first_of_chain, EntryIndex index);

// The index at the end of a place. Stops on a damaged state.
EntryIndex IndexAtEnd(std::string_view place);

// How a launch that was reported had been notified. The numbers are stored: they stay.
enum class Announced { kTimely = 1, kLate = 2, kNot = 3, kOfTimeBefore = 4 };

// Tallies (keys.h).
TallyName ObservedTally(Audience audience, const MemberCode& state, std::int64_t year);
TallyName AnnouncedTally(Audience audience, const MemberCode& state, std::int64_t year,
                         compliance::Timeliness timeliness);
TallyName LaunchedTally(Audience audience, const MemberCode& state, std::int64_t year,
                        Announced how);

// Both do nothing for an entry that only waits (kFirstWaitingIndex): no rule reads the indexes, and
// nobody is answered from them before it is on the ledger.

// `record` was stored by the entry being filed; what it amends has left already.
void IndexFiled(const Filing& filing, const StoredRecord& record);
// `record` was marked as replaced by the entry `by`.
void IndexReplaced(StateOverlay& state, const StoredRecord& record, EntryIndex by);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_INDEXES_H_
