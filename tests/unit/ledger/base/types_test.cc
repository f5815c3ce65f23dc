#include "ledger/types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace assent {
namespace {

using ::testing::HasSubstr;

TEST(MemberCode, IsThreeToEightCapitals) {
  for (const char* text : {"FRA", "HOLYSEE", "ABCDEFGH"}) {
    ASSERT_TRUE(MemberCode::From(text)) << text;
    EXPECT_EQ(MemberCode::From(text)->str(), text);
  }
  for (const char* text : {"", "FR", "ABCDEFGHI", "fra", "FR4", "FR ", "ÉTA"}) {
    EXPECT_FALSE(MemberCode::From(text)) << text;
  }
}

TEST(FormatTime, IsAsShortAsItCanBe) {
  EXPECT_EQ(FormatTime(Time{0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(Time{-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTime(Time{1'500'000}), "1970-01-01T00:00:01.5Z");
  EXPECT_EQ(FormatTime(Time{1}), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(FormatTime(Time{1'000'000'000'000'000}), "2001-09-09T01:46:40Z");
}

TEST(FormatTime, WritesMicrosecondsOutsideTheYearsOfRfc3339) {
  const Time first = FromCivil({1, 1, 1});
  const Time last = FromCivil({10'000, 1, 1}) - Microseconds(1);
  EXPECT_EQ(FormatTime(first), "0001-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(last), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTime(first - Microseconds(1)), "-62135596800000001");
  EXPECT_EQ(FormatTime(last + Microseconds(1)), "253402300800000000");
  for (const auto us :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(FormatTime(Time{us}), std::to_string(us));
  }
}

TEST(ParseTime, TakesDatesInstantsAndDecimals) {
  EXPECT_EQ(ParseTime("2026-03-31")->us, FromCivil({2026, 3, 31}).us);
  EXPECT_EQ(ParseTime("2026-03-31T23:59:59Z").value(), FromCivil({2026, 4, 1}) - Seconds(1));
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.5Z")->us, 500'000);
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.000001Z")->us, 1);
  EXPECT_EQ(ParseTime("2024-02-29").value(), FromCivil({2024, 2, 29}));
  EXPECT_EQ(ParseTime("2000-02-29").value(), FromCivil({2000, 2, 29}));
}

TEST(ParseTime, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026",
                           "2026-3-31",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-01-00",
                           "2026-04-31",
                           "2026-02-29",
                           "1900-02-29",
                           "0000-01-01",
                           "2026-03-31T",
                           "2026-03-31T23:59Z",
                           "2026-03-31T24:00:00Z",
                           "2026-03-31T23:60:00Z",
                           "2026-03-31T23:59:60Z",
                           "2026-03-31T23:59:59",
                           "2026-03-31T23:59:59z",
                           "2026-03-31t23:59:59Z",
                           "2026-03-31T23:59:59+00:00",
                           "2026-03-31T23:59:59.Z",
                           "2026-03-31T23:59:59.1234567Z",
                           "2026-03-31T23:59:59Z ",
                           " 2026-03-31",
                           "2026-03-31Z",
                           "-2026-03-31",
                           "20260331"}) {
    EXPECT_FALSE(ParseTime(text).ok()) << text;
  }
  EXPECT_THAT(std::string(ParseTime("soon").status().message()), HasSubstr("\"soon\" is no time"));
}

TEST(ParseTime, IsTheInverseOfFormatTime) {
  for (std::int64_t us = FromCivil({1, 1, 1}).us; us < FromCivil({10'000, 1, 1}).us;
       us += 7'919'000'000'123) {
    ASSERT_EQ(ParseTime(FormatTime(Time{us})).value().us, us);
  }
}

TEST(CivilDate, FollowsTheCalendarDayByDay) {
  CivilDate date{1, 1, 1};
  const std::int64_t first_day = DayNumber(FromCivil(date));
  for (std::int64_t day = first_day; day < DayNumber(FromCivil({2500, 1, 1})); ++day) {
    const CivilDate now = ToCivil(Time{} + Days(day));
    ASSERT_EQ(now.year, date.year);
    ASSERT_EQ(now.month, date.month);
    ASSERT_EQ(now.day, date.day);
    ASSERT_EQ(DayNumber(FromCivil(now)), day);
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (++date.day > days[date.month - 1]) {
      date.day = 1;
      if (++date.month > 12) {
        date.month = 1;
        ++date.year;
      }
    }
  }
}

TEST(DayNumber, RoundsDownBefore1970) {
  EXPECT_EQ(DayNumber(Time{0}), 0);
  EXPECT_EQ(DayNumber(Time{-1}), -1);
  EXPECT_EQ(DayNumber(Time{} - Days(1)), -1);
  EXPECT_EQ(DayNumber(Time{} + Days(1) - Microseconds(1)), 0);
}

}  // namespace
}  // namespace assent
