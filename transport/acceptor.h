// Accepts the connections of a gRPC server, and turns away those for which there is no room. gRPC
// 1.51 bounds their number nowhere, and when the process has no descriptor left for one, it stops
// listening for good.
#ifndef ASSENT_TRANSPORT_ACCEPTOR_H_
#define ASSENT_TRANSPORT_ACCEPTOR_H_

#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"

namespace assent::transport {

// Listens from construction on, accepts from Start to Stop. One thread.
class Acceptor {
 public:
  static constexpr int kUnbounded = std::numeric_limits<int>::max();

  // At host:port or [ipv6]:port; port 0 takes any that is free. InvalidArgument: it is no address;
  // FailedPrecondition says what is in the way.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Listen(const std::string& address);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  int port() const { return port_; }

  // The server serves what is accepted. Once.
  void AddTo(grpc::ServerBuilder& builder, std::shared_ptr<grpc::ServerCredentials> credentials);
  // After the server has started. The kernel gives the lowest descriptor that is free: connections
  // that would have one from `descriptors_max` on are closed, so that those are left for others.
  void Start(int descriptors_max);
  // Before the server is shut down. Any number of times.
  void Stop();

 private:
  Acceptor() = default;
  void Run();
  void Accept(int listener);

  std::vector<int> listeners_;
  int port_ = 0;
  int stop_fd_ = -1;  // an eventfd
  int descriptors_max_ = kUnbounded;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server_;
  std::thread thread_;
};

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_ACCEPTOR_H_
