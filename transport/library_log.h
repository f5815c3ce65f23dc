// What the libraries of the wire would write to standard error by themselves.
#ifndef ASSENT_TRANSPORT_LIBRARY_LOG_H_
#define ASSENT_TRANSPORT_LIBRARY_LOG_H_

namespace assent::transport {

// Keeps gRPC and Protocol Buffers from writing to standard error. They write a line whenever a
// stranger fails in a handshake, or sends text that is not UTF-8, so anybody could fill a disk; what
// matters of their errors comes back in statuses. The environment's GRPC_VERBOSITY, when it is set,
// has its way. At the start of main, before anything of gRPC.
void SilenceLibraries();

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_LIBRARY_LOG_H_
