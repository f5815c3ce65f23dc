#include "transport/refusal.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "assent/v1/refusal.pb.h"

namespace assent::transport {
namespace {

// At most `bytes_max` bytes of UTF-8, cut between characters.
std::string Shortened(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  constexpr std::string_view kCut = "...";
  std::size_t end = bytes_max - kCut.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end).append(kCut);
}

// The message in a status that came from outside.
std::optional<v1::Refusal> DetailOf(const grpc::Status& status) {
  v1::StatusDetails details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) {
    return std::nullopt;
  }
  for (const google::protobuf::Any& any : details.details()) {
    v1::Refusal refusal;
    if (any.UnpackTo(&refusal)) return refusal;
  }
  return std::nullopt;
}

}  // namespace

grpc::Status RefusalStatus(grpc::StatusCode code, const rules::Refusal& refusal,
                           std::chrono::milliseconds retry_after) {
  const std::string message = Shortened(refusal.message, kRefusalMessageBytesMax);
  v1::Refusal detail;
  detail.set_reason(refusal.reason);
  detail.set_message(message);
  detail.set_subject(Shortened(refusal.subject, kRefusalSubjectBytesMax));
  detail.set_retry_after_ms(static_cast<std::uint32_t>(retry_after.count()));
  v1::StatusDetails details;
  details.set_code(code);
  details.set_message(message);
  details.add_details()->PackFrom(detail);
  return grpc::Status(code, message, details.SerializeAsString());
}

std::optional<rules::Refusal> RefusalOf(const grpc::Status& status) {
  const auto refusal = DetailOf(status);
  if (!refusal) return std::nullopt;
  return rules::Refusal{refusal->reason(), refusal->message(), refusal->subject()};
}

std::chrono::milliseconds RetryAfterOf(const grpc::Status& status) {
  const auto refusal = DetailOf(status);
  return std::chrono::milliseconds(refusal ? refusal->retry_after_ms() : 0);
}

}  // namespace assent::transport
