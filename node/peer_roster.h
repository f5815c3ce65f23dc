// Who this node hears and dials: the members that have named a node, as the ledger says.
#ifndef ASSENT_NODE_PEER_ROSTER_H_
#define ASSENT_NODE_PEER_ROSTER_H_

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ledger/rules/state.h"
#include "ledger/types.h"
#include "node/config.h"
#include "node/ingress.h"
#include "node/network/peer_network.h"
#include "node/replica/store.h"

namespace assent::node {

// The nodes of all members but `self`; that of `join` where and with the key that the operator says.
std::vector<network::PeerAddress> PeersOf(const StateView& state, const MemberCode& self,
                                          const std::optional<JoinPeer>& join);

// Follows the ledger on a thread of its own, since it can take a second to end the streams of who
// is no peer any more.
class PeerRoster {
 public:
  // All outlive this.
  PeerRoster(MemberCode self, std::optional<JoinPeer> join, const replica::Store* store, Ingress* ingress,
             network::PeerNetwork* network);
  ~PeerRoster() { Stop(); }
  PeerRoster(const PeerRoster&) = delete;
  PeerRoster& operator=(const PeerRoster&) = delete;

  // Members may have changed. Any thread; returns at once.
  void Refresh();
  // Nothing is changed after it.
  void Stop();

 private:
  void Run();
  void Apply();

  const MemberCode self_;
  const std::optional<JoinPeer> join_;
  const replica::Store* const store_;
  Ingress* const ingress_;
  network::PeerNetwork* const network_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool due_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_PEER_ROSTER_H_
