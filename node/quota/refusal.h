// A refusal for want of room: it says which limit it was, and when to try again.
#ifndef ASSENT_NODE_QUOTA_REFUSAL_H_
#define ASSENT_NODE_QUOTA_REFUSAL_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "assent/v1/refusal.pb.h"

namespace assent::quota {

// The reasons.
inline constexpr std::string_view kCallsOfNode = "CALLS_OF_NODE";            // of all together
inline constexpr std::string_view kCallsOfStrangers = "CALLS_OF_STRANGERS";  // without a known key
inline constexpr std::string_view kCallsOfClient = "CALLS_OF_CLIENT";        // under way
inline constexpr std::string_view kRateOfClient = "RATE_OF_CLIENT";          // a second
inline constexpr std::string_view kRateOfAuthor = "RATE_OF_AUTHOR";          // a second
inline constexpr std::string_view kEntriesOfAuthor = "ENTRIES_OF_AUTHOR";    // that wait
inline constexpr std::string_view kEntriesOfNode = "ENTRIES_OF_NODE";        // of all together

// Where nothing says how long it takes until there is room.
inline constexpr std::chrono::milliseconds kRetryAfter{200};

// ResourceExhausted, and in it the refusal.
absl::Status Refuse(std::string_view reason, std::string message, std::string subject,
                    std::chrono::milliseconds retry_after = kRetryAfter);

// The refusal in a status that Refuse has made.
std::optional<v1::Refusal> RefusalIn(const absl::Status& status);

}  // namespace assent::quota

#endif  // ASSENT_NODE_QUOTA_REFUSAL_H_
