// What the libraries of the wire are told before anything uses them.
#ifndef ASSENT_TRANSPORT_LIBRARIES_H_
#define ASSENT_TRANSPORT_LIBRARIES_H_

namespace assent::transport {

// Keeps gRPC and Protocol Buffers from writing to standard error. They write a line whenever a
// stranger fails in a handshake, or sends text that is not UTF-8, so anybody could fill a disk;
// what matters of their errors comes back in statuses. The environment's GRPC_VERBOSITY, when it is
// set, has its way.
void SilenceLibraries();

// SilenceLibraries, and leaves OpenSSL whole until the process is gone: by itself it is taken apart
// by exit(), while threads of gRPC still use it. At the start of main, before anything of gRPC.
void SetUpLibraries();

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_LIBRARIES_H_
