#include "ledger/types.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace assent {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;
constexpr std::int64_t kYearMin = 1;
constexpr std::int64_t kYearMax = 9'999;

// Quotient rounded down, for instants before 1970.
constexpr std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

constexpr bool IsLeapYear(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int DaysInMonth(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01. Counts years from March, so that a leap day is the last of its year, in
// eras of 400 years (146,097 days); 719,468 days lie between 0000-03-01 and 1970-01-01.
constexpr std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = FloorDivide(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

// Takes `count` digits off the front.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// "31", "59" and the like: two digits from `least` to `most`, after `before`.
std::optional<int> TakeField(std::string_view& text, char before, int least, int most) {
  if (!TakeChar(text, before)) return std::nullopt;
  const auto value = TakeDigits(text, 2);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<CivilDate> TakeDate(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || *year < kYearMin) return std::nullopt;
  const auto month = TakeField(text, '-', 1, 12);
  if (!month) return std::nullopt;
  const auto day = TakeField(text, '-', 1, DaysInMonth(*year, *month));
  if (!day) return std::nullopt;
  return CivilDate{*year, *month, *day};
}

// One to six decimals after the point, as microseconds.
std::optional<std::int64_t> TakeDecimals(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 6) return std::nullopt;
  std::int64_t us = *TakeDigits(text, digits);
  for (std::size_t i = digits; i < 6; ++i) us *= 10;
  return us;
}

// "T23:59:59.5Z" as microseconds of the day.
std::optional<std::int64_t> TakeTimeOfDay(std::string_view& text) {
  const auto hour = TakeField(text, 'T', 0, 23);
  const auto minute = hour ? TakeField(text, ':', 0, 59) : std::nullopt;
  const auto second = minute ? TakeField(text, ':', 0, 59) : std::nullopt;
  if (!second) return std::nullopt;
  std::int64_t us = ((*hour * 60 + *minute) * std::int64_t{60} + *second) * kSecondUs;
  if (TakeChar(text, '.')) {
    const auto decimals = TakeDecimals(text);
    if (!decimals) return std::nullopt;
    us += *decimals;
  }
  return TakeChar(text, 'Z') ? std::optional(us) : std::nullopt;
}

}  // namespace

std::optional<MemberCode> MemberCode::From(std::string_view text) {
  if (text.size() < 3 || text.size() > 8) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return std::nullopt;
  }
  MemberCode code;
  code.text_ = std::string(text);
  return code;
}

std::int64_t DayNumber(Time time) { return FloorDivide(time.us, kDayUs); }

CivilDate ToCivil(Time time) {
  const std::int64_t days = DayNumber(time) + 719'468;
  const std::int64_t era = FloorDivide(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t from_march = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(from_march < 10 ? from_march + 3 : from_march - 9);
  const int day = static_cast<int>(day_of_year - (153 * from_march + 2) / 5 + 1);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

Time FromCivil(CivilDate date) { return {DaysFromCivil(date.year, date.month, date.day) * kDayUs}; }

std::string FormatTime(Time time) {
  const CivilDate date = ToCivil(time);
  if (date.year < kYearMin || date.year > kYearMax) return absl::StrCat(time.us);
  const std::int64_t us_of_day = time.us - DayNumber(time) * kDayUs;
  const int second = static_cast<int>(us_of_day / kSecondUs);
  const int us = static_cast<int>(us_of_day % kSecondUs);
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%04d-%02d-%02dT%02d:%02d:%02d",
                static_cast<int>(date.year), date.month, date.day, second / 3'600, second / 60 % 60,
                second % 60);
  std::string out = buffer;
  if (us != 0) {
    std::snprintf(buffer, sizeof(buffer), ".%06d", us);
    out += buffer;
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + "Z";
}

absl::StatusOr<Time> ParseTime(std::string_view text) {
  std::string_view rest = text;
  const auto date = TakeDate(rest);
  const auto us_of_day =
      !date || rest.empty() ? std::optional<std::int64_t>(0) : TakeTimeOfDay(rest);
  if (!date || !us_of_day || !rest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", AbslView(text.substr(0, 64)),
                     "\" is no time: write 2026-03-31, 2026-03-31T23:59:59Z or with up to six "
                     "decimals, in UTC"));
  }
  return FromCivil(*date) + Duration{*us_of_day};
}

}  // namespace assent
