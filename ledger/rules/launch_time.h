// When a launch took place.
#ifndef ASSENT_LEDGER_RULES_LAUNCH_TIME_H_
#define ASSENT_LEDGER_RULES_LAUNCH_TIME_H_

#include <cstdint>
#include <optional>

#include "ledger/rules/filing.h"

namespace assent::rules {

inline constexpr Rule kLaunchTimeMissing{"LAUNCH_TIME_MISSING",
                                         "A launch that took place has its time, from 1970 on."};
inline constexpr Rule kLaunchTimeInFuture{"LAUNCH_TIME_IN_FUTURE",
                                          "The time of the launch is not after block time."};

// A record's field `launched_at_us`. By the rules above.
std::optional<Refusal> RefuseBadLaunchTime(const Filing& filing, std::int64_t launched_at_us);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_LAUNCH_TIME_H_
