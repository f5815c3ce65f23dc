// The numbers and names of a ledger, each a type of its own.
#ifndef ASSENT_LEDGER_TYPES_H_
#define ASSENT_LEDGER_TYPES_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace assent {

// A counted thing. Ordered; made and read explicitly.
template <class Tag>
class Number {
 public:
  constexpr Number() = default;
  constexpr explicit Number(std::uint64_t value) : value_(value) {}
  constexpr std::uint64_t value() const { return value_; }
  constexpr Number next() const { return Number(value_ + 1); }
  constexpr auto operator<=>(const Number&) const = default;
  friend std::ostream& operator<<(std::ostream& out, Number n) { return out << n.value_; }

 private:
  std::uint64_t value_ = 0;
};

using Height = Number<struct HeightTag>;          // of a block; the founding act is height 0
using Epoch = Number<struct EpochTag>;            // of a set of voters; the founders' is 1
using View = Number<struct ViewTag>;              // of a leader, within an epoch; the first is 1
using EntryIndex = Number<struct EntryIndexTag>;  // of an entry in the log; the first is 0
using Sequence = Number<struct SequenceTag>;      // of an entry of its author; the first is 1

// Code of a state: 3 to 8 letters A-Z. Ordered as text.
class MemberCode {
 public:
  MemberCode() = default;  // empty: no state
  // Nothing when `text` is not a code.
  static std::optional<MemberCode> From(std::string_view text);
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const MemberCode&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const MemberCode& c) { return out << c.text_; }

 private:
  std::string text_;
};

// An instant, microseconds since 1970-01-01T00:00:00Z without leap seconds.
struct Time {
  std::int64_t us = 0;
  constexpr auto operator<=>(const Time&) const = default;
};

// A length of time, microseconds.
struct Duration {
  std::int64_t us = 0;
  constexpr auto operator<=>(const Duration&) const = default;
};

constexpr Duration Microseconds(std::int64_t n) { return {n}; }
constexpr Duration Milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration Seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration Hours(std::int64_t n) { return Seconds(n * 3'600); }
constexpr Duration Days(std::int64_t n) { return Hours(n * 24); }
constexpr Time operator+(Time t, Duration d) { return {t.us + d.us}; }
constexpr Time operator-(Time t, Duration d) { return {t.us - d.us}; }
constexpr Duration operator-(Time a, Time b) { return {a.us - b.us}; }

// RFC 3339 in UTC with `Z`, as short as it can be without loss: "2026-03-31T23:59:59Z",
// "2026-03-31T23:59:59.000001Z". Years 1 to 9999; others print as the microseconds.
std::string FormatTime(Time time);

// The inverse. Accepts "2026-03-31" (midnight), and up to six decimals; only `Z`.
absl::StatusOr<Time> ParseTime(std::string_view text);

// Days since 1970-01-01, and year, month (1-12), day (1-31) of an instant in UTC (proleptic Gregorian).
struct CivilDate {
  std::int64_t year;
  int month;
  int day;
};
std::int64_t DayNumber(Time time);
CivilDate ToCivil(Time time);
Time FromCivil(CivilDate date);

// What Abseil and our own interfaces call a string view; they do not convert by themselves on every
// platform.
inline absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view StdView(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace assent

template <class Tag>
struct std::hash<assent::Number<Tag>> {
  std::size_t operator()(assent::Number<Tag> n) const {
    return std::hash<std::uint64_t>()(n.value());
  }
};

#endif  // ASSENT_LEDGER_TYPES_H_
