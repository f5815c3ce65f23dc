// The stream that a peer has dialled to us, and sends on.
#ifndef ASSENT_NODE_NETWORK_INCOMING_H_
#define ASSENT_NODE_NETWORK_INCOMING_H_

#include <memory>
#include <string>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "grpcpp/support/server_callback.h"

namespace assent::network {

// One read is under way at a time, or none, while the owner has too much in hand. Only a read that
// fails ends the stream, so it is ended exactly once: whoever wants an end cancels, and sees to it
// that a read is under way. Deletes itself at the end.
class Incoming : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Called on gRPC's threads: returns quickly, and must not wait for one of them.
  class Owner {
   public:
    virtual ~Owner() = default;
    // A message, at most kGrpcMessageBytesMax. False: no other is read before Resume().
    virtual bool OnIncoming(Incoming* stream, std::string bytes) = 0;
    // The last call: `stream` is gone when it returns.
    virtual void OnIncomingEnd(Incoming* stream) = 0;
  };

  Incoming(grpc::CallbackServerContext* context, std::shared_ptr<Owner> owner)
      : context_(context), owner_(std::move(owner)) {}

  // Tells the peer that the stream is up, and reads.
  void Begin();
  // Reads on, after OnIncoming has returned false. Any thread.
  void Resume() { StartRead(&buffer_); }
  // Not after OnIncomingEnd. Any thread.
  void Cancel() { context_->TryCancel(); }

 private:
  void OnReadDone(bool ok) override;
  void OnDone() override;

  grpc::CallbackServerContext* const context_;
  const std::shared_ptr<Owner> owner_;
  grpc::ByteBuffer buffer_;
  grpc::ByteBuffer ack_;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_INCOMING_H_
