// Everything that a scrape shows of a node, at one moment.
#ifndef ASSENT_NODE_METRICS_SNAPSHOT_H_
#define ASSENT_NODE_METRICS_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/block/header.h"
#include "ledger/types.h"
#include "node/metrics/machine.h"
#include "node/network/peer_address.h"
#include "node/replica/submit.h"
#include "node/replica/vitals.h"
#include "node/storage/database_status.h"
#include "transport/acceptor.h"

namespace assent::metrics {

// Calls of one kind that have met one limit, since the start.
struct CallsRefused {
  std::string kind;
  std::string limit;
  std::uint64_t calls = 0;
};

struct Snapshot {
  std::string version;  // of the software
  MemberCode member;    // whose node it is; may be empty
  BlockHeader tip;      // the newest final block
  // Of the ledger's parameters in force.
  Duration heartbeat;
  Duration max_clock_skew;
  replica::ReplicaStatus replica;
  replica::Vitals vitals;
  std::vector<network::LinkStatus> peers;
  std::set<MemberCode> voting_peers;  // of them, those whose nodes vote
  std::size_t to_check = 0;           // messages, blocks and submissions
  std::vector<CallsRefused> calls_refused;
  std::map<std::string, transport::Acceptor::Closed> connections_refused;  // by port
  storage::DatabaseStatus database;
  std::optional<DiskStatus> disk;
  std::optional<ProcessStatus> process;
};

}  // namespace assent::metrics

#endif  // ASSENT_NODE_METRICS_SNAPSHOT_H_
