// The stream that we dial to a peer, and send on.
#ifndef ASSENT_NODE_NETWORK_OUTGOING_H_
#define ASSENT_NODE_NETWORK_OUTGOING_H_

#include <cstddef>
#include <memory>
#include <mutex>

#include "grpcpp/grpcpp.h"
#include "grpcpp/support/client_callback.h"
#include "node/network/send_queue.h"
#include "node/replica/peers.h"

namespace assent::network {

// One stream, from its dialling to its end; then another is made, with an empty queue. One write is
// under way at a time, and as long as more waits gRPC is told to gather: several small messages in
// one packet.
//
// Two tokens keep gRPC's rules. Whoever sets writing_ starts the next write, outside of the lock.
// A hold lets writes start from any thread; it is given back when reading has ended and no write is
// under way, and only then does gRPC call OnDone, the last.
class Outgoing : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Called on gRPC's threads: returns quickly, and must not wait for one of them.
  class Owner {
   public:
    virtual ~Owner() = default;
    // The peer has accepted the stream.
    virtual void OnOutgoingUp(Outgoing* stream) = 0;
    // The last call. The owner takes the stream over, and lets go of it on a thread of its own: the
    // last channel of a process must not end on one of gRPC's threads, which would wait for itself.
    virtual void OnOutgoingEnd(std::shared_ptr<Outgoing> stream, const grpc::Status& status) = 0;
  };

  explicit Outgoing(std::shared_ptr<Owner> owner);

  // Dials. Once; `self` is kept until the end.
  void Begin(const std::shared_ptr<grpc::Channel>& channel, std::shared_ptr<Outgoing> self);
  // What waits when the stream ends is lost. Any thread.
  enum class Sent { kQueued, kQueueFull, kStreamEnded };
  Sent Send(replica::MessageBytes message);
  // Ends the stream. Any thread, any number of times.
  void Cancel() { context_.TryCancel(); }
  std::size_t queued() const;
  // How many messages waited when the stream ended.
  std::size_t lost() const;

 private:
  void OnReadInitialMetadataDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  // `more` waits behind it.
  void Write(replica::MessageBytes message, bool more);

  const std::shared_ptr<Owner> owner_;
  std::shared_ptr<Outgoing> self_;
  grpc::ClientContext context_;
  grpc::ByteBuffer buffer_;  // being written
  grpc::ByteBuffer answer_;  // being read
  int answers_ = 0;
  std::size_t unflushed_ = 0;  // writes since the last that was not to wait for more

  mutable std::mutex mutex_;
  SendQueue queue_;
  std::size_t lost_ = 0;
  bool writing_ = false;
  bool read_ended_ = false;
  bool broken_ = false;  // a write failed: no other is started
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_OUTGOING_H_
