// Deadlines of the Code and what was kept of them: pure functions on what was declared and on block
// time. The rules judge by them, and queries and clients tell by them what a state owes.
#ifndef ASSENT_LEDGER_COMPLIANCE_TIMELINESS_H_
#define ASSENT_LEDGER_COMPLIANCE_TIMELINESS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/types.h"

namespace assent::compliance {

// When something was filed, against when the Code asks for it. The numbers are stored: they stay.
enum class Timeliness {
  kNone = 0,       // nothing is asked for
  kTimely = 1,     // early enough
  kLate = 2,       // late; a notification: before the window opened
  kPostFacto = 3,  // a notification, after the window opened
  kHistoric = 4,   // of a time before the author became a member; counted apart
};
// "TIMELY", "LATE", "POST_FACTO", "HISTORIC"; empty for kNone.
std::string_view TimelinessName(Timeliness timeliness);

// First year that can be declared: the Code was presented in it.
inline constexpr std::int64_t kFirstYear = 2002;

// Notifications. `lead` is how long before its start a window is to be notified. All bounds are
// inclusive: filed exactly `lead` before the start is TIMELY, exactly at the start is LATE. A
// window that starts before `member_since` is HISTORIC whenever it was filed.
Time NotificationDue(Time window_start, Duration lead);
Timeliness JudgeNotification(Time filed, Time window_start, Time member_since, Duration lead);

// Annual declarations: due on 31 March of the next year at 23:59:59 UTC, inclusive.
Time DeclarationDue(std::int64_t year);
// A declaration is owed for every year from the one in which its author became a member.
bool DeclarationOwed(std::int64_t year, Time member_since);
// TIMELY, LATE, or HISTORIC when it was not owed.
Timeliness JudgeDeclaration(Time filed, std::int64_t year, Time member_since);

// The ended years for which a member owes a declaration at `now`, whether filed or not.
struct YearRange {
  std::int64_t first;
  std::int64_t last;  // inclusive
};
// Nothing when it became a member in the running year.
std::optional<YearRange> YearsOwed(Time member_since, Time now);

// Reports, which are voluntary. One is due `report_due` after its launch was `over`: when its
// window closed, or without a notification when it took place.
Time ReportDue(Time over, Duration report_due);
// TIMELY, LATE, or HISTORIC when its launch had `begun` (the window's start, or when it took place)
// before `member_since`.
Timeliness JudgeReport(Time filed, Time begun, Time member_since, Time due);

// Replies to requests for clarification, which are voluntary: due kClarificationHours after.
Time ClarificationDue(Time asked);
// TIMELY or LATE.
Timeliness JudgeClarification(Time filed, Time due);

}  // namespace assent::compliance

#endif  // ASSENT_LEDGER_COMPLIANCE_TIMELINESS_H_
