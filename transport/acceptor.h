// Accepts the connections of a gRPC server, and turns away those for which there is no room. gRPC
// 1.51 bounds their number nowhere, and when the process has no descriptor left for one, it stops
// listening for good.
#ifndef ASSENT_TRANSPORT_ACCEPTOR_H_
#define ASSENT_TRANSPORT_ACCEPTOR_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "transport/open_connections.h"

namespace assent::transport {

// Listens from construction on, accepts from Start to Stop. One thread, but for closed().
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
  // that would have one from `descriptors_max` on are closed, so that those are left for others. So
  // are those of one address beyond `of_address_max`.
  void Start(int descriptors_max,
             std::size_t of_address_max = std::numeric_limits<std::size_t>::max());
  // Before the server is shut down. Any number of times.
  void Stop();

  // Connections that were closed at once, since Start. Any thread.
  struct Closed {
    std::uint64_t no_descriptors = 0;
    std::uint64_t of_address = 0;  // their address had as many as it may
  };
  Closed closed() const { return {no_descriptors_, of_address_}; }

 private:
  Acceptor() = default;
  void Run();
  void Accept(int listener);

  std::vector<int> listeners_;
  int port_ = 0;
  int stop_fd_ = -1;  // an eventfd
  int descriptors_max_ = kUnbounded;
  std::size_t of_address_max_ = 0;
  OpenConnections open_;  // of the thread that accepts
  std::atomic<std::uint64_t> no_descriptors_ = 0;
  std::atomic<std::uint64_t> of_address_ = 0;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server_;
  std::thread thread_;
};

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_ACCEPTOR_H_
