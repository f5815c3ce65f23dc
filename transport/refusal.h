// A refusal on its way through gRPC: the status says it to people, the status details to programs.
#ifndef ASSENT_TRANSPORT_REFUSAL_H_
#define ASSENT_TRANSPORT_REFUSAL_H_

#include <chrono>
#include <cstddef>
#include <optional>

#include "grpcpp/support/status.h"
#include "ledger/rules/rules.h"

namespace assent::transport {

// What is longer is cut: gRPC drops a status whose trailers, in which the message stands three
// times, pass 8 KiB.
inline constexpr std::size_t kRefusalMessageBytesMax = 1'024;
inline constexpr std::size_t kRefusalSubjectBytesMax = 256;

// A status with this code whose message is the refusal's and whose details are a serialized
// google.rpc.Status that holds an assent.v1.Refusal (AIP-193). `retry_after`: sooner it is of no
// use to try again.
grpc::Status RefusalStatus(grpc::StatusCode code, const rules::Refusal& refusal,
                           std::chrono::milliseconds retry_after = {});

// The refusal in a status that came from outside; nothing when there is none, or none that can be
// read.
std::optional<rules::Refusal> RefusalOf(const grpc::Status& status);

// What the refusal in such a status says of trying again; zero when it says nothing.
std::chrono::milliseconds RetryAfterOf(const grpc::Status& status);

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_REFUSAL_H_
