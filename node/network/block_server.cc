#include "node/network/block_server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "assent/v1/peer.pb.h"
#include "node/network/bytes.h"
#include "node/network/limits.h"

namespace assent::network {

// One range on its way to a peer. It is either waiting for its turn, being read for, or being
// written; whoever does one of these goes on to the next or finishes, so that it is finished
// exactly once. Deletes itself.
class BlockServer::Answer : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  Answer(BlockServer* server, grpc::CallbackServerContext* context, MemberCode peer,
         const grpc::ByteBuffer& request)
      : server_(server),
        context_(context),
        peer_(std::move(peer)),
        parsed_(request_.ParseFromString(FromBuffer(request))) {}

  // Reads the next block and sends it on its way.
  void Read(BlockSource* source) {
    if (context_->IsCancelled()) return Finish(grpc::Status::CANCELLED);
    if (!last_) {
      if (absl::Status status = Open(source); !status.ok()) return Finish(ToGrpc(status));
    }
    if (next_ > *last_) return Finish(grpc::Status::OK);
    absl::StatusOr<std::string> block = source->Block(next_);
    if (!block.ok()) return Finish(ToGrpc(block.status()));
    next_ = next_.next();
    buffer_ = ToBuffer(*std::move(block));
    StartWrite(&buffer_);
  }
  void Refuse() { Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the node is stopping")); }
  void Cancel() { context_->TryCancel(); }

 private:
  absl::Status Open(BlockSource* source) {
    if (!parsed_) return absl::InvalidArgumentError("the request for blocks is malformed");
    const std::uint32_t wanted = request_.max_blocks();
    next_ = Height(request_.from_height());
    const absl::StatusOr<Height> last = source->EndOfRange(
        next_, wanted == 0 ? kRangeBlocksMax : std::min(wanted, kRangeBlocksMax));
    if (!last.ok()) return last.status();
    last_ = *last;
    return absl::OkStatus();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    server_->Post(this);
  }
  void OnDone() override {
    server_->Forget(peer_, this);
    delete this;
  }

  BlockServer* const server_;
  grpc::CallbackServerContext* const context_;
  const MemberCode peer_;
  v1::GetBlocksRequest request_;
  const bool parsed_;
  Height next_;
  std::optional<Height> last_;  // once the range is open
  grpc::ByteBuffer buffer_;     // being written
};

void BlockServer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void BlockServer::Stop() {
  std::deque<Answer*> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left = std::exchange(turns_, {});
  }
  wake_.notify_one();
  for (Answer* answer : left) answer->Refuse();
  if (thread_.joinable()) thread_.join();
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* BlockServer::Serve(grpc::CallbackServerContext* context,
                                                               const MemberCode& peer,
                                                               const grpc::ByteBuffer& request) {
  auto* const answer = new Answer(this, context, peer, request);
  {
    const std::lock_guard lock(mutex_);
    Answer*& newest = answers_[peer];
    if (newest != nullptr) newest->Cancel();
    newest = answer;
  }
  Post(answer);
  return answer;
}

void BlockServer::Post(Answer* answer) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      turns_.push_back(answer);
      answer = nullptr;
    }
  }
  if (answer != nullptr) return answer->Refuse();
  wake_.notify_one();
}

void BlockServer::Forget(const MemberCode& peer, Answer* answer) {
  const std::lock_guard lock(mutex_);
  const auto newest = answers_.find(peer);
  if (newest != answers_.end() && newest->second == answer) answers_.erase(newest);
}

void BlockServer::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !turns_.empty(); });
    if (stopping_) return;
    Answer* const answer = turns_.front();
    turns_.pop_front();
    lock.unlock();
    answer->Read(source_);
    lock.lock();
  }
}

}  // namespace assent::network
