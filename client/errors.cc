#include "client/errors.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

constexpr char kRefusalUrl[] = "assent/client/refusal";
constexpr char kUsageUrl[] = "assent/client/usage";

}  // namespace

absl::Status RefusedError(std::string_view reason, std::string_view message) {
  absl::Status status = absl::FailedPreconditionError(AbslView(message));
  status.SetPayload(kRefusalUrl, absl::Cord(AbslView(reason)));
  return status;
}

std::optional<std::string> RefusalReason(const absl::Status& status) {
  const auto payload = status.GetPayload(kRefusalUrl);
  if (!payload) return std::nullopt;
  return std::string(*payload);
}

absl::Status UsageError(std::string_view message) {
  absl::Status status = absl::InvalidArgumentError(AbslView(message));
  status.SetPayload(kUsageUrl, absl::Cord());
  return status;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitDone;
  return status.GetPayload(kUsageUrl) ? kExitUsage : kExitFailed;
}

std::string Describe(const absl::Status& status) {
  std::string message(StdView(status.message()));
  if (const auto reason = RefusalReason(status)) {
    return absl::StrCat("refused: ", *reason, ": ", message);
  }
  return message;
}

absl::Status Prefixed(std::string_view where, const absl::Status& status) {
  absl::Status result(status.code(), absl::StrCat(AbslView(where), ": ", status.message()));
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

}  // namespace assent::client
