// gRPC behind replica::Peers: every node dials every other, and sends only on the stream that it
// dialled.
#ifndef ASSENT_NODE_NETWORK_PEER_NETWORK_H_
#define ASSENT_NODE_NETWORK_PEER_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"
#include "node/network/block_server.h"
#include "node/network/block_source.h"
#include "node/network/peer_address.h"
#include "node/network/peer_directory.h"
#include "node/network/peer_service.h"
#include "node/replica/peers.h"
#include "transport/acceptor.h"
#include "transport/certificate.h"

namespace assent::network {

// Construction, Start and Stop: one thread. Everything else: any, at any time.
//
// Each peer has a thread, on which all its events are told. An implementation of PeerEvents that
// blocks therefore holds back that peer alone: its stream is not read on, so that what it sends
// waits at its own end, in a queue of its own, and is dropped there when that is full.
class PeerNetwork : public replica::Peers {
 public:
  // `identity` is the transport key's seed. `peers` are the others, without this node. `events` and
  // `blocks` outlive this.
  PeerNetwork(const SecretSeed* identity, const std::vector<PeerAddress>& peers,
              replica::PeerEvents* events, BlockSource* blocks);
  ~PeerNetwork() override { Stop(); }
  PeerNetwork(const PeerNetwork&) = delete;
  PeerNetwork& operator=(const PeerNetwork&) = delete;

  // Listens at host:port (port 0: any that is free) and begins to dial. Who connects gets a
  // descriptor below `descriptors_max`, and from one address at most `of_address_max` connections
  // are open. Unavailable: the address cannot be listened on. Once.
  absl::Status Start(const std::string& listen,
                     int descriptors_max = transport::Acceptor::kUnbounded,
                     std::size_t of_address_max = std::numeric_limits<std::size_t>::max());
  // Ends all streams, those under way too; nothing is told after it. Less than two seconds, unless
  // an event blocks: release it first.
  void Stop();

  // Replaces the peers. The streams, both ways, of those that are gone, or have another key or
  // endpoint, are closed, and nothing more is told of them; the others notice nothing. Not from
  // within an event.
  void SetPeers(const std::vector<PeerAddress>& peers);

  void Send(const MemberCode& to, replica::MessageBytes message) override;
  // Of a peer that is not known the end is told before this returns.
  void RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) override;
  void CancelBlocks(const MemberCode& from) override;

  // In code order.
  std::vector<LinkStatus> Status() const;
  // Connections that were closed at once.
  transport::Acceptor::Closed closed() const;
  // Where it listens; 0 before Start.
  int port() const { return port_; }

 private:
  enum class Phase { kNew, kRunning, kStopped };

  std::shared_ptr<Link> MakeLink(const PeerAddress& peer);

  const transport::Certificate certificate_;
  replica::PeerEvents* const events_;
  const std::shared_ptr<PeerDirectory> directory_;
  BlockServer block_server_;
  PeerService service_;
  std::unique_ptr<transport::Acceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;

  std::mutex changing_;  // of phase_ and of which links there are
  Phase phase_ = Phase::kNew;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_PEER_NETWORK_H_
