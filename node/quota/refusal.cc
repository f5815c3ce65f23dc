#include "node/quota/refusal.h"

#include <utility>

#include "absl/strings/cord.h"

namespace assent::quota {
namespace {

constexpr char kPayload[] = "type.googleapis.com/assent.v1.Refusal";

}  // namespace

absl::Status Refuse(std::string_view reason, std::string message, std::string subject,
                    std::chrono::milliseconds retry_after) {
  v1::Refusal refusal;
  refusal.set_reason(std::string(reason));
  refusal.set_message(message);
  refusal.set_subject(std::move(subject));
  refusal.set_retry_after_ms(static_cast<std::uint32_t>(retry_after.count()));
  absl::Status status = absl::ResourceExhaustedError(message);
  status.SetPayload(kPayload, absl::Cord(refusal.SerializeAsString()));
  return status;
}

std::optional<v1::Refusal> RefusalIn(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  v1::Refusal refusal;
  if (!payload || !refusal.ParseFromString(std::string(*payload))) return std::nullopt;
  return refusal;
}

}  // namespace assent::quota
