// gRPC's own log, which is not for people.
#ifndef ASSENT_TRANSPORT_GRPC_LOG_H_
#define ASSENT_TRANSPORT_GRPC_LOG_H_

namespace assent::transport {

// Keeps gRPC from writing to standard error. It writes a line whenever a stranger fails in a
// handshake, so anybody could fill a disk, and what matters of its errors comes back in statuses.
// The environment's GRPC_VERBOSITY, when it is set, has its way. At the start of main, before
// anything of gRPC.
void SilenceGrpcLog();

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_GRPC_LOG_H_
