// The three ways in which a command fails, as statuses, and how each is told and counted as an exit
// code: the ledger refused, something went wrong, or the command line was not understood.
#ifndef ASSENT_CLIENT_ERRORS_H_
#define ASSENT_CLIENT_ERRORS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace assent::client {

enum ExitCode { kExitDone = 0, kExitFailed = 1, kExitUsage = 2 };

// A refusal by the ledger's rules or a node: `reason` is stable, UPPER_SNAKE.
absl::Status RefusedError(std::string_view reason, std::string_view message);
std::optional<std::string> RefusalReason(const absl::Status& status);

// The command line asks for what makes no sense.
absl::Status UsageError(std::string_view message);

ExitCode ExitCodeOf(const absl::Status& status);

// "refused: REASON: sentence" for refusals, the message alone for others.
std::string Describe(const absl::Status& status);

// The same status with "WHERE: " before its message; payloads stay.
absl::Status Prefixed(std::string_view where, const absl::Status& status);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ERRORS_H_
