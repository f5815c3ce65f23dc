// The other nodes, as the replica sees them: messages are bytes, delivery is best effort.
#ifndef ASSENT_NODE_REPLICA_PEERS_H_
#define ASSENT_NODE_REPLICA_PEERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/types.h"

namespace assent::replica {

// A serialized assent.v1.PeerMessage, shared between the queues of all that it goes to.
using MessageBytes = std::shared_ptr<const std::string>;

// Sending. Any thread; never blocks.
class Peers {
 public:
  virtual ~Peers() = default;

  // Queues `message` for the node of `to`. When the stream is down or its queue is full the message
  // is dropped and counted: the protocol repeats what matters.
  virtual void Send(const MemberCode& to, MessageBytes message) = 0;

  // Asks the node of `from` for final blocks from height `first` on. They arrive, in order, at
  // PeerEvents::OnBlock; the end, good or bad, at OnBlocksEnd. At most one request per peer is
  // under way; a second is answered with OnBlocksEnd(FailedPrecondition).
  virtual void RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) = 0;
  // Ends the request to `from`, if there is one: OnBlocksEnd follows, soon.
  virtual void CancelBlocks(const MemberCode& from) = 0;
};

// Receiving. Called from any thread. For one peer, blocks and their ends come in order and never
// two at once, and so does all else; a block and something else may come at once. Implementations
// return quickly; blocking in OnMessage holds back that peer's messages only, in OnBlock its blocks.
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  // The stream that we dialled to `peer` is up, or down with the reason.
  virtual void OnPeerUp(const MemberCode& peer) = 0;
  virtual void OnPeerDown(const MemberCode& peer, const absl::Status& why) = 0;
  // A message from the node of `peer`, whose transport key has been checked. At most
  // kGrpcMessageBytesMax.
  virtual void OnMessage(const MemberCode& peer, std::string bytes) = 0;
  // One serialized assent.v1.FinalBlock. Returns false to end the request.
  virtual bool OnBlock(const MemberCode& peer, std::string bytes) = 0;
  virtual void OnBlocksEnd(const MemberCode& peer, const absl::Status& status) = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_PEERS_H_
