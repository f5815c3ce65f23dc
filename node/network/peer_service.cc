#include "node/network/peer_service.h"

#include <utility>

#include "node/network/clock_question.h"
#include "node/network/incoming.h"
#include "transport/credentials.h"

namespace assent::network {
namespace {

using grpc::ByteBuffer;

// A call that is turned away.
template <class Reactor>
class Refused : public Reactor {
 public:
  explicit Refused(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

grpc::Status NoPeer() {
  return grpc::Status(grpc::StatusCode::PERMISSION_DENIED,
                      "the transport key is not a peer's of this node");
}

grpc::Status Stopping() {
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the node is stopping");
}

}  // namespace

PeerService::PeerService(std::shared_ptr<const PeerDirectory> directory, BlockServer* blocks)
    : directory_(std::move(directory)), blocks_(blocks) {}

std::shared_ptr<Link> PeerService::CallerOf(const grpc::CallbackServerContext& context) const {
  const auto key = transport::PeerKey(context);
  return key ? directory_->ByKey(*key) : nullptr;
}

grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* PeerService::Exchange(
    grpc::CallbackServerContext* context) {
  using Stream = grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>;
  const std::shared_ptr<Link> link = CallerOf(*context);
  if (link == nullptr) return new Refused<Stream>(NoPeer());
  auto incoming = std::make_unique<Incoming>(context, link);
  if (!link->Adopt(incoming.get())) return new Refused<Stream>(Stopping());
  incoming->Begin();
  return incoming.release();
}

grpc::ServerWriteReactor<ByteBuffer>* PeerService::GetBlocks(grpc::CallbackServerContext* context,
                                                             const ByteBuffer* request) {
  const std::shared_ptr<Link> link = CallerOf(*context);
  if (link == nullptr) return new Refused<grpc::ServerWriteReactor<ByteBuffer>>(NoPeer());
  return blocks_->Serve(context, link->address().code, *request);
}

grpc::ServerUnaryReactor* PeerService::GetTime(grpc::CallbackServerContext* context,
                                               const v1::GetTimeRequest*,
                                               v1::GetTimeResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  if (CallerOf(*context) == nullptr) {
    reactor->Finish(NoPeer());
  } else {
    response->set_time_us(WallUs());
    reactor->Finish(grpc::Status::OK);
  }
  return reactor;
}

}  // namespace assent::network
