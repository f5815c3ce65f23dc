// How this node's errors are told over gRPC.
#ifndef ASSENT_NODE_SERVICE_STATUS_H_
#define ASSENT_NODE_SERVICE_STATUS_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"

namespace assent::service {

// The same code and message. What is wrong with a request carries a refusal MALFORMED as well, and
// what was refused for want of room carries that of quota::Refuse.
grpc::Status ToGrpc(const absl::Status& status);

// Ok unless `request` has fields, at any depth, that this version does not know: it would ignore
// what its sender thinks it has said.
absl::Status CheckRequest(const google::protobuf::Message& request);

grpc::Status Stopping();

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_STATUS_H_
