// The servers that clients and the operator talk to: made, started and stopped together.
#ifndef ASSENT_NODE_SERVICE_SERVICES_H_
#define ASSENT_NODE_SERVICE_SERVICES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "node/quota/quotas.h"
#include "node/replica/submit.h"
#include "node/service/admission.h"
#include "node/service/backend.h"
#include "node/service/comparison_service.h"
#include "node/service/ledger_service.h"
#include "node/service/node_service.h"
#include "node/service/open_calls.h"
#include "node/service/read_pool.h"
#include "transport/acceptor.h"

namespace assent::service {

// Where to listen.
struct Listen {
  std::string client;        // host:port; port 0 takes any that is free
  std::string admin_socket;  // path; empty: no operator's service
  std::shared_ptr<grpc::ServerCredentials> client_credentials;
  // Clients get descriptors below this one.
  int descriptors_max = transport::Acceptor::kUnbounded;
  quota::Quotas quotas;
};

// Made before the replica, which tells it of commits; started once everything that the backend
// points to runs, stopped before any of that ends. OnCommit and what is counted: any thread; the
// rest: one thread.
class Services : public replica::CommitListener {
 public:
  Services() = default;
  ~Services() override { Stop(); }
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  // Serves when it returns Ok. Otherwise nothing runs, and the message says which address cannot be
  // used and why.
  absl::Status Start(const Listen& listen, Backend backend);

  // Ends every call, those that wait and open streams too, with UNAVAILABLE, and the servers; takes
  // less than two seconds.
  void Stop();

  // What was turned away since Start; nothing before it and after Stop.
  std::vector<TurnedAway> turned_away();
  transport::Acceptor::Closed closed();

  // The port of the client service; 0 before Start.
  int client_port() const { return client_port_; }

  void OnCommit(Height height, std::uint64_t tree_size) override;

 private:
  // What runs between Start and Stop; members are destroyed in the reverse order.
  struct Running {
    Running(const quota::Quotas& quotas, Backend backend);
    Backend backend;
    Admission admission;
    Callers callers;
    OpenCalls calls;
    std::shared_ptr<ReadPool> pool;
    std::shared_ptr<ReadPool> answers;
    LedgerService ledger;
    ComparisonService comparison;
    NodeService node;
    std::unique_ptr<transport::Acceptor> acceptor;
    std::unique_ptr<grpc::Server> client_server;
    std::unique_ptr<grpc::Server> admin_server;
  };

  absl::Status StartClientServer(const Listen& listen, Running& running);
  absl::Status StartAdminServer(const std::string& path, Running& running);
  static void StopServers(Running& running);
  std::shared_ptr<Running> Now();

  std::mutex mutex_;  // of the pointer, for other threads
  std::shared_ptr<Running> running_;
  int client_port_ = 0;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_SERVICES_H_
