#include "ledger/rules/launch_time.h"

#include "absl/strings/str_cat.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {

std::optional<Refusal> RefuseBadLaunchTime(const Filing& filing, std::int64_t launched_at_us) {
  if (launched_at_us <= 0) {
    return Refuse(kLaunchTimeMissing, "launched_at_us",
                  "the time of the launch is missing: say when it took place");
  }
  if (launched_at_us > filing.position.time.us) {
    return Refuse(
        kLaunchTimeInFuture, "launched_at_us",
        absl::StrCat("the launch at ", FormatTime({launched_at_us}),
                     " has not taken place yet: block time is ", FormatTime(filing.position.time)));
  }
  return std::nullopt;
}

}  // namespace assent::rules
