// Flags of records that a person should look at, as stored: the numbers stay.
#ifndef ASSENT_LEDGER_RULES_FLAGS_H_
#define ASSENT_LEDGER_RULES_FLAGS_H_

#include <cstdint>

namespace assent::rules {

inline constexpr std::uint32_t kFlagCountsDiffer =
    1;  // a declaration's counts from the notified launches
inline constexpr std::uint32_t kFlagMoreReports =
    2;  // more reports than the notification announced

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_FLAGS_H_
