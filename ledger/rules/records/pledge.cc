// Pledge: a state eliminates its ballistic missiles by a date, and forgoes them in future.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/offers.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace pledge {

constexpr Rule kTargetDateInvalid{"TARGET_DATE_INVALID",
                                  "The target date is given, in the years 1970 to 9999."};
constexpr Rule kTargetDatePassed{"TARGET_DATE_PASSED",
                                 "The target date is after block time, also in an amendment."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};

constexpr std::array kRules{kTargetDateInvalid, kTargetDatePassed, kTextInvalid};

std::optional<Refusal> ApplyPledge(const Filing& filing) {
  const v1::Pledge& said = filing.body.pledge();
  const Time target{said.target_date_us()};
  if (target.us <= 0 || target.us > kTimeMaxUs) {
    return Refuse(kTargetDateInvalid, "target_date_us",
                  "the target date is missing or not in the years 1970 to 9999: say by when");
  }
  if (target <= filing.position.time) {
    return Refuse(kTargetDatePassed, "target_date_us",
                  absl::StrCat("the target date ", FormatTime(target),
                               " is not ahead: block time is ", FormatTime(filing.position.time)));
  }
  if (auto refusal =
          RefuseBadText(kTextInvalid, "text", said.text(), kPledgeTextBytesMax, Lines::kMany)) {
    return refusal;
  }
  SaveRecord(filing, NewRecord(filing));
  return std::nullopt;
}

}  // namespace pledge

extern const RecordHandler kPledge;
constinit const RecordHandler kPledge{
    .name = "Pledge",
    .field = v1::Body::kPledge,
    .rules = pledge::kRules,
    .apply = pledge::ApplyPledge,
    .retire = RetireNothing,
    .held = HeldByOffer,
};

}  // namespace assent::rules
