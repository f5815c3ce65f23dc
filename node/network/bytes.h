// Between message bytes and gRPC's buffers, without serializing anew or copying more than needed.
#ifndef ASSENT_NODE_NETWORK_BYTES_H_
#define ASSENT_NODE_NETWORK_BYTES_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"
#include "node/replica/peers.h"

namespace assent::network {

// Shares the bytes; they live as long as the buffer.
grpc::ByteBuffer ToBuffer(replica::MessageBytes bytes);
grpc::ByteBuffer ToBuffer(std::string bytes);
// A copy. Empty when the buffer cannot be read.
std::string FromBuffer(const grpc::ByteBuffer& buffer);

absl::Status FromGrpc(const grpc::Status& status);
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_BYTES_H_
