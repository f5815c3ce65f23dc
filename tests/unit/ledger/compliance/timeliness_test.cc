// Deadlines of the Code, to the microsecond.
#include "ledger/compliance/timeliness.h"

#include <gtest/gtest.h>

namespace assent::compliance {
namespace {

Time At(std::string_view text) { return ParseTime(text).value(); }

constexpr Duration kLead = Hours(24);
constexpr Duration kTick = Microseconds(1);

TEST(JudgeNotification, AtLeastADayBeforeTheWindowIsTimely) {
  const Time start = At("2026-05-02T12:00:00Z");
  const Time since = At("2020-01-01");
  const auto judge = [&](Time filed) { return JudgeNotification(filed, start, since, kLead); };
  EXPECT_EQ(judge(start - kLead - kTick), Timeliness::kTimely);
  EXPECT_EQ(judge(start - kLead), Timeliness::kTimely);
  EXPECT_EQ(judge(start - kLead + kTick), Timeliness::kLate);
  EXPECT_EQ(judge(start), Timeliness::kLate);
  EXPECT_EQ(judge(start + kTick), Timeliness::kPostFacto);
  EXPECT_EQ(NotificationDue(start, kLead), At("2026-05-01T12:00:00Z"));
}

TEST(JudgeNotification, WindowThatStartsBeforeMembershipIsHistoricWheneverFiled) {
  const Time since = At("2026-05-02T12:00:00Z");
  EXPECT_EQ(JudgeNotification(since + Days(9), since - kTick, since, kLead), Timeliness::kHistoric);
  EXPECT_EQ(JudgeNotification(since - Days(9), since - kTick, since, kLead), Timeliness::kHistoric);
  EXPECT_EQ(JudgeNotification(since + Days(9), since, since, kLead), Timeliness::kPostFacto);
}

TEST(JudgeDeclaration, IsDueAtTheEndOfMarchOfTheNextYear) {
  const Time since = At("2020-06-01");
  EXPECT_EQ(DeclarationDue(2025), At("2026-03-31T23:59:59Z"));
  EXPECT_EQ(DeclarationDue(2027), At("2028-03-31T23:59:59Z"));  // a leap year
  EXPECT_EQ(JudgeDeclaration(At("2026-03-31T23:59:59Z"), 2025, since), Timeliness::kTimely);
  EXPECT_EQ(JudgeDeclaration(At("2026-03-31T23:59:59.000001Z"), 2025, since), Timeliness::kLate);
  EXPECT_EQ(JudgeDeclaration(At("2025-07-01"), 2025, since), Timeliness::kTimely);
}

TEST(JudgeDeclaration, NothingIsOwedForYearsBeforeJoining) {
  const Time since = At("2020-12-31T23:59:59Z");
  EXPECT_FALSE(DeclarationOwed(2019, since));
  EXPECT_TRUE(DeclarationOwed(2020, since));
  EXPECT_FALSE(DeclarationOwed(2001, At("1999-01-01")));
  EXPECT_EQ(JudgeDeclaration(At("2021-01-02"), 2019, since), Timeliness::kHistoric);
  EXPECT_EQ(JudgeDeclaration(At("2021-01-02"), 2020, since), Timeliness::kTimely);
}

TEST(YearsOwed, AreTheEndedOnesSinceJoining) {
  const Time since = At("2020-06-01");
  EXPECT_FALSE(YearsOwed(since, At("2020-12-31T23:59:59Z")));
  const auto years = YearsOwed(since, At("2023-01-01"));
  ASSERT_TRUE(years);
  EXPECT_EQ(years->first, 2020);
  EXPECT_EQ(years->last, 2022);
  EXPECT_EQ(YearsOwed(At("1990-01-01"), At("2026-01-01"))->first, 2002);
}

TEST(ReportDue, CountsFromTheEndOfTheWindow) {
  EXPECT_EQ(ReportDue(At("2026-05-02"), Hours(48)), At("2026-05-04"));
}

TEST(JudgeReport, IsTimelyUntilItIsDue) {
  const Time since = At("2026-01-01");
  const Time begun = At("2026-05-02");
  const Time due = At("2026-05-04");
  EXPECT_EQ(JudgeReport(due, begun, since, due), Timeliness::kTimely);
  EXPECT_EQ(JudgeReport(due + kTick, begun, since, due), Timeliness::kLate);
  EXPECT_EQ(JudgeReport(due + kTick, since, since, due), Timeliness::kLate);
  EXPECT_EQ(JudgeReport(due, since - kTick, since, due), Timeliness::kHistoric);
}

TEST(JudgeClarification, IsTimelyForFortyEightHours) {
  const Time asked = At("2026-05-02");
  EXPECT_EQ(ClarificationDue(asked), At("2026-05-04"));
  EXPECT_EQ(JudgeClarification(ClarificationDue(asked), ClarificationDue(asked)),
            Timeliness::kTimely);
  EXPECT_EQ(JudgeClarification(ClarificationDue(asked) + kTick, ClarificationDue(asked)),
            Timeliness::kLate);
}

TEST(TimelinessName, IsWhatPeopleRead) {
  EXPECT_EQ(TimelinessName(Timeliness::kNone), "");
  EXPECT_EQ(TimelinessName(Timeliness::kTimely), "TIMELY");
  EXPECT_EQ(TimelinessName(Timeliness::kLate), "LATE");
  EXPECT_EQ(TimelinessName(Timeliness::kPostFacto), "POST_FACTO");
  EXPECT_EQ(TimelinessName(Timeliness::kHistoric), "HISTORIC");
}

}  // namespace
}  // namespace assent::compliance
