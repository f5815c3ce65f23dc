#include "node/network/outgoing.h"

#include <utility>

#include "grpcpp/generic/generic_stub.h"
#include "node/network/bytes.h"
#include "node/network/limits.h"

namespace assent::network {
namespace {

constexpr char kExchange[] = "/assent.v1.Peer/Exchange";
constexpr int kAnswersMax = 1;  // a PeerAck, at the end

}  // namespace

Outgoing::Outgoing(std::shared_ptr<Owner> owner)
    : owner_(std::move(owner)), queue_(kQueueMessagesMax, kQueueBytesMax) {}

void Outgoing::Begin(const std::shared_ptr<grpc::Channel>& channel,
                     std::shared_ptr<Outgoing> self) {
  {
    const std::lock_guard lock(mutex_);
    self_ = std::move(self);
  }
  grpc::GenericStub(channel).PrepareBidiStreamingCall(&context_, kExchange, {}, this);
  AddHold();
  StartRead(&answer_);
  StartCall();
}

Outgoing::Sent Outgoing::Send(replica::MessageBytes message) {
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    if (read_ended_ || broken_) return Sent::kStreamEnded;
    if (!queue_.Push(std::move(message))) return Sent::kQueueFull;
    if (writing_) return Sent::kQueued;
    writing_ = true;
    message = queue_.Pop();
    more = !queue_.empty();
  }
  Write(std::move(message), more);
  return Sent::kQueued;
}

void Outgoing::Write(replica::MessageBytes message, bool more) {
  buffer_ = ToBuffer(std::move(message));
  grpc::WriteOptions options;
  if (more && ++unflushed_ < kWritesPerFlush) {
    options.set_buffer_hint();
  } else {
    unflushed_ = 0;
  }
  StartWrite(&buffer_, options);
}

void Outgoing::OnWriteDone(bool ok) {
  replica::MessageBytes next;
  bool more = false;
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    broken_ = broken_ || !ok;
    if (broken_ || read_ended_ || queue_.empty()) {
      writing_ = false;
      last = read_ended_;
    } else {
      next = queue_.Pop();
      more = !queue_.empty();
    }
  }
  if (next) return Write(std::move(next), more);
  if (last) {
    RemoveHold();
  } else if (!ok) {
    Cancel();  // so that reading ends too
  }
}

void Outgoing::OnReadInitialMetadataDone(bool ok) {
  if (ok) owner_->OnOutgoingUp(this);
}

void Outgoing::OnReadDone(bool ok) {
  if (ok) {
    if (++answers_ > kAnswersMax) Cancel();
    StartRead(&answer_);
    return;
  }
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    read_ended_ = true;
    idle = !writing_;
    lost_ = queue_.size();
    queue_.Clear();
  }
  if (idle) RemoveHold();
}

void Outgoing::OnDone(const grpc::Status& status) {
  std::shared_ptr<Outgoing> self;
  {
    const std::lock_guard lock(mutex_);
    self = std::move(self_);
  }
  const std::shared_ptr<Owner> owner = owner_;
  owner->OnOutgoingEnd(std::move(self), status);
}

std::size_t Outgoing::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::size_t Outgoing::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace assent::network
