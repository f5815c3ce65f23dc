#include "node/network/incoming.h"

#include "node/network/bytes.h"

namespace assent::network {

void Incoming::Begin() {
  StartSendInitialMetadata();
  StartRead(&buffer_);
}

void Incoming::OnReadDone(bool ok) {
  if (ok) {
    if (owner_->OnIncoming(this, FromBuffer(buffer_))) StartRead(&buffer_);
    return;
  }
  if (context_->IsCancelled()) return Finish(grpc::Status::CANCELLED);
  // The peer has ended the stream in order: an empty PeerAck.
  ack_ = ToBuffer(std::string());
  StartWriteAndFinish(&ack_, grpc::WriteOptions(), grpc::Status::OK);
}

void Incoming::OnDone() {
  owner_->OnIncomingEnd(this);
  delete this;
}

}  // namespace assent::network
