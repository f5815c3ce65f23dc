// Exemption: an author says openly what it will not notify. It is a statement, not an excuse: a
// launch that it covers is as untimely as any other.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace exemption {

constexpr Rule kPeriodInvalid{"PERIOD_INVALID",
                              "Start and end of the period are given; it ends after it starts, in "
                              "the years 1970 to 9999."};
constexpr Rule kPeriodBegun{
    "PERIOD_BEGUN",
    "The period starts at block time or later; an amendment of an exemption "
    "that runs keeps its start, if kind and class are the same."};
constexpr Rule kPeriodOver{"PERIOD_OVER", "The period ends after block time."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 4,096 bytes."};

constexpr std::array kRules{kKindInvalid, kClassUnknown, kClassWrongKind, kPeriodInvalid,
                            kPeriodBegun, kPeriodOver,   kTextInvalid};

// A class that is left out stands for all of the kind.
std::optional<Refusal> RefuseBadClasses(const Filing& filing, const v1::Exemption& said) {
  const bool all = said.class_id().empty();
  if (all && (said.kind() == v1::BALLISTIC_MISSILE || said.kind() == v1::SPACE_LAUNCH)) {
    return std::nullopt;
  }
  return RefuseBadKindAndClass(filing.state, said.kind(), said.class_id());
}

// True when the record amends an exemption of the same launches that runs already, from the same
// start on: then nothing is exempted that was to be notified until now.
bool KeepsStart(const Filing& filing, const v1::ExemptionState& kept) {
  if (!filing.amends) return false;
  const v1::ExemptionState& before = filing.amends->state.exemption();
  return before.kind() == kept.kind() && before.class_id() == kept.class_id() &&
         before.from_us() == kept.from_us() && before.until_us() >= filing.position.time.us;
}

std::optional<Refusal> RefuseBadPeriod(const Filing& filing, const v1::ExemptionState& kept) {
  const std::int64_t from = kept.from_us();
  const std::int64_t until = kept.until_us();
  const Time now = filing.position.time;
  if (from <= 0 || until <= 0) {
    return Refuse(kPeriodInvalid, from <= 0 ? "from_us" : "until_us",
                  "the period is incomplete: give from when and until when, from 1970 on");
  }
  if (until > kTimeMaxUs || from >= until) {
    return Refuse(kPeriodInvalid, "until_us",
                  absl::StrCat("the period from ", FormatTime({from}), " to ", FormatTime({until}),
                               " does not end after it starts, or not by the year 9999"));
  }
  if (from < now.us && !KeepsStart(filing, kept)) {
    return Refuse(kPeriodBegun, "from_us",
                  absl::StrCat("the period cannot start at ", FormatTime({from}),
                               ", which is past: what was to be notified until now, block time ",
                               FormatTime(now), ", is not exempted any more"));
  }
  if (until <= now.us) {
    return Refuse(kPeriodOver, "until_us",
                  absl::StrCat("the period ends at ", FormatTime({until}),
                               ", which is past: block time is ", FormatTime(now)));
  }
  return std::nullopt;
}

std::optional<Refusal> ApplyExemption(const Filing& filing) {
  const v1::Exemption& said = filing.body.exemption();
  if (auto refusal = RefuseBadClasses(filing, said)) return refusal;
  v1::RecordState record = NewRecord(filing);
  v1::ExemptionState& kept = *record.mutable_exemption();
  kept.set_kind(static_cast<std::uint32_t>(said.kind()));
  kept.set_class_id(said.class_id());
  kept.set_from_us(said.from_us());
  kept.set_until_us(said.until_us());
  if (auto refusal = RefuseBadPeriod(filing, kept)) return refusal;
  if (auto refusal =
          RefuseBadText(kTextInvalid, "text", said.text(), kExemptionTextBytesMax, Lines::kMany)) {
    return refusal;
  }
  SaveRecord(filing, record);
  if (!filing.amends) {
    SavePointer(filing.state, ExemptionKey(filing.author, filing.position.index),
                filing.position.index);
  }
  return std::nullopt;
}

}  // namespace exemption

extern const RecordHandler kExemption;
constinit const RecordHandler kExemption{
    .name = "Exemption",
    .field = v1::Body::kExemption,
    .rules = exemption::kRules,
    .apply = exemption::ApplyExemption,
    .retire = RetireNothing,
};

}  // namespace assent::rules
