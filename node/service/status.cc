#include "node/service/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/entry/strict.h"
#include "ledger/types.h"
#include "node/quota/refusal.h"
#include "transport/refusal.h"

namespace assent::service {

grpc::Status ToGrpc(const absl::Status& status) {
  std::string message(StdView(status.message()));
  if (absl::IsInvalidArgument(status)) {
    return transport::RefusalStatus(grpc::StatusCode::INVALID_ARGUMENT,
                                    {"MALFORMED", std::move(message), "request"});
  }
  if (const auto refusal = quota::RefusalIn(status)) {
    return transport::RefusalStatus(grpc::StatusCode::RESOURCE_EXHAUSTED,
                                    {refusal->reason(), refusal->message(), refusal->subject()},
                                    std::chrono::milliseconds(refusal->retry_after_ms()));
  }
  // Abseil's codes are gRPC's.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), message);
}

absl::Status CheckRequest(const google::protobuf::Message& request) {
  return CheckNoUnknownFields(request);
}

grpc::Status Stopping() {
  return {grpc::StatusCode::UNAVAILABLE, "the node is stopping; ask again later, or another node"};
}

}  // namespace assent::service
