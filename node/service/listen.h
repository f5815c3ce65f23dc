// Whether an address can be listened on. gRPC only says that it cannot; an operator must know why.
#ifndef ASSENT_NODE_SERVICE_LISTEN_H_
#define ASSENT_NODE_SERVICE_LISTEN_H_

#include <string>

#include "absl/status/status.h"

namespace assent::service {

// Ok when `address` (host:port, [ipv6]:port) can be bound now. InvalidArgument: it is no address;
// FailedPrecondition says what is in the way.
absl::Status CheckTcpAddress(const std::string& address);

// The same for a Unix socket. A socket that a stopped node has left there is no obstacle; one on
// which somebody listens, and anything that is not a socket, is.
absl::Status CheckUnixPath(const std::string& path);

// Lets only the owner open the socket.
absl::Status RestrictToOwner(const std::string& path);

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_LISTEN_H_
