// Who this node hears and dials: the members that have named a node, as the ledger says, and for a
// moment who was one of them.
#ifndef ASSENT_NODE_PEER_ROSTER_H_
#define ASSENT_NODE_PEER_ROSTER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
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

// The nodes of all members but `self`; that of `join` where and with the key that the operator
// says.
std::vector<network::PeerAddress> PeersOf(const StateView& state, const MemberCode& self,
                                          const std::optional<JoinPeer>& join);

// Who is not named any more, or with another key or endpoint, is a peer as it was for so long, if
// it is there: the votes that end its time are on their way to it, and nobody else will tell it.
inline constexpr std::chrono::milliseconds kFarewell{5'000};
inline constexpr std::chrono::milliseconds kFarewellLook{100};

// Keeps peers for that time. One thread.
class Farewells {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Who is a peer at `now`, when `named` is what the ledger says. `is_there` is asked of those that
  // are to go: whether a stream of theirs is up.
  std::vector<network::PeerAddress> PeersAt(Time now,
                                            const std::vector<network::PeerAddress>& named,
                                            const std::function<bool(const MemberCode&)>& is_there);
  // Whether one of them is still to go.
  bool any() const { return !until_.empty(); }

 private:
  std::map<MemberCode, network::PeerAddress> peers_;  // as they were given last
  std::map<MemberCode, Time> until_;                  // of those that are to go
};

// Follows the ledger on a thread of its own, since it can take a second to end the streams of who
// is no peer any more.
class PeerRoster {
 public:
  // All outlive this.
  PeerRoster(MemberCode self, std::optional<JoinPeer> join, const replica::Store* store,
             Ingress* ingress, network::PeerNetwork* network);
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
  Farewells farewells_;  // the thread's

  std::mutex mutex_;
  std::condition_variable wake_;
  bool due_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_PEER_ROSTER_H_
