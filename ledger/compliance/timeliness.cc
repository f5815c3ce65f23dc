#include "ledger/compliance/timeliness.h"

#include <algorithm>

#include "ledger/limits.h"

namespace assent::compliance {

std::string_view TimelinessName(Timeliness timeliness) {
  switch (timeliness) {
    case Timeliness::kNone:
      return "";
    case Timeliness::kTimely:
      return "TIMELY";
    case Timeliness::kLate:
      return "LATE";
    case Timeliness::kPostFacto:
      return "POST_FACTO";
    case Timeliness::kHistoric:
      return "HISTORIC";
  }
  return "";
}

Time NotificationDue(Time window_start, Duration lead) { return window_start - lead; }

Timeliness JudgeNotification(Time filed, Time window_start, Time member_since, Duration lead) {
  if (window_start < member_since) return Timeliness::kHistoric;
  if (filed <= NotificationDue(window_start, lead)) return Timeliness::kTimely;
  return filed <= window_start ? Timeliness::kLate : Timeliness::kPostFacto;
}

Time DeclarationDue(std::int64_t year) {
  return FromCivil({.year = year + 1, .month = 4, .day = 1}) - Seconds(1);
}

bool DeclarationOwed(std::int64_t year, Time member_since) {
  return year >= std::max(kFirstYear, ToCivil(member_since).year);
}

Timeliness JudgeDeclaration(Time filed, std::int64_t year, Time member_since) {
  if (!DeclarationOwed(year, member_since)) return Timeliness::kHistoric;
  return filed <= DeclarationDue(year) ? Timeliness::kTimely : Timeliness::kLate;
}

std::optional<YearRange> YearsOwed(Time member_since, Time now) {
  const YearRange years{.first = std::max(kFirstYear, ToCivil(member_since).year),
                        .last = ToCivil(now).year - 1};
  if (years.last < years.first) return std::nullopt;
  return years;
}

Time ReportDue(Time over, Duration report_due) { return over + report_due; }

Timeliness JudgeReport(Time filed, Time begun, Time member_since, Time due) {
  if (begun < member_since) return Timeliness::kHistoric;
  return filed <= due ? Timeliness::kTimely : Timeliness::kLate;
}

Time ClarificationDue(Time asked) { return asked + Hours(kClarificationHours); }

Timeliness JudgeClarification(Time filed, Time due) {
  return filed <= due ? Timeliness::kTimely : Timeliness::kLate;
}

}  // namespace assent::compliance
