// A running node: the one place where the implementations are wired together.
#ifndef ASSENT_NODE_NODE_H_
#define ASSENT_NODE_NODE_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/config.h"
#include "node/identity.h"
#include "node/ingress.h"
#include "node/inspection/read_log.h"
#include "node/metrics/server.h"
#include "node/metrics/snapshot.h"
#include "node/metrics/submissions.h"
#include "node/mirror/sources.h"
#include "node/mirror/submissions.h"
#include "node/network/peer_network.h"
#include "node/page/bell.h"
#include "node/page/server.h"
#include "node/peer_roster.h"
#include "node/replica/intake.h"
#include "node/replica/replica.h"
#include "node/replica_thread.h"
#include "node/service/services.h"
#include "node/service_manager.h"
#include "node/spdlog_log.h"
#include "node/storage/rocks_store.h"
#include "node/system_clock.h"
#include "node/tiles/server.h"

namespace assent::node {

// The folder of the database within the data folder.
std::string DatabasePath(const Config& config);

// From Start() to Stop() the node serves. One thread.
class Node {
 public:
  // `descriptors`: how many the process may have, at least kDescriptorsMin. `log` and `manager`
  // outlive it.
  Node(Config config, Identity identity, std::uint64_t descriptors, SpdlogLog* log,
       ServiceManager* manager);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Opens the database, listens, and begins to take part. Each error is one line that says what to
  // mend.
  absl::Status Start();
  // Waits until `stop_fd` is readable, or until the node cannot go on: then the error why.
  // Meanwhile says when descriptors run short, and tells the service manager how it goes.
  absl::Status Wait(int stop_fd);
  // Ends everything in order; takes less than 5 s.
  void Stop();

 private:
  // Whom it hears: the nodes of other members, or what a mirror copies.
  void MakePeers();
  absl::Status StartPeers();
  std::vector<network::LinkStatus> PeersStatus() const;
  void CheckKeysInForce();
  absl::StatusOr<v1::BackupMade> MakeBackup(const std::string& folder);
  std::vector<v1::PeerStatus> Peers() const;
  absl::Status StartPage();
  metrics::Snapshot TakeSnapshot() const;
  std::string StatusLine() const;

  class Blocks;   // serves ranges of blocks to peers
  class Commits;  // passes on what the replica tells

  const Config config_;
  const Identity identity_;
  const int peers_descriptors_;    // those of peers are below this one,
  const int clients_descriptors_;  // and those of clients below this one
  SpdlogLog* const log_;
  ServiceManager* const manager_;
  const SystemClock clock_;

  std::unique_ptr<storage::RocksStore> store_;
  std::unique_ptr<replica::Intake> intake_;
  std::unique_ptr<Ingress> ingress_;
  std::shared_ptr<metrics::CountedSubmissions> submissions_;
  std::unique_ptr<Blocks> blocks_;
  std::unique_ptr<network::PeerNetwork> network_;  // null on a mirror, and
  std::unique_ptr<mirror::Sources> sources_;       // these two elsewhere
  std::unique_ptr<mirror::Submissions> mirror_submissions_;
  std::unique_ptr<inspection::ReadLog> read_log_;
  std::unique_ptr<PeerRoster> roster_;
  std::unique_ptr<service::Services> services_;
  page::Bell bell_;
  std::unique_ptr<Commits> commits_;
  std::unique_ptr<replica::Replica> replica_;
  std::unique_ptr<ReplicaThread> thread_;
  std::unique_ptr<metrics::Server> metrics_;
  std::unique_ptr<tiles::Server> tiles_;
  std::unique_ptr<page::Server> page_;

  int failed_fd_ = -1;  // an eventfd, readable once failure_ is set
  std::mutex mutex_;
  absl::Status failure_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_NODE_H_
