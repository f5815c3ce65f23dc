#include "node/network/block_fetch.h"

#include <utility>

#include "assent/v1/peer.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "node/network/bytes.h"

namespace assent::network {
namespace {

constexpr char kGetBlocks[] = "/assent.v1.Peer/GetBlocks";

}  // namespace

void BlockFetch::Begin(const std::shared_ptr<grpc::Channel>& channel, Height first,
                       std::uint32_t max_blocks, std::shared_ptr<BlockFetch> self) {
  self_ = std::move(self);
  v1::GetBlocksRequest request;
  request.set_from_height(first.value());
  request.set_max_blocks(max_blocks);
  request_ = ToBuffer(request.SerializeAsString());
  grpc::GenericStub(channel).PrepareBidiStreamingCall(&context_, kGetBlocks, {}, this);
  AddHold();
  StartWriteLast(&request_, grpc::WriteOptions());
  StartRead(&block_);
  StartCall();
}

void BlockFetch::Cancel() {
  cancelled_ = true;
  context_.TryCancel();
}

void BlockFetch::OnReadDone(bool ok) {
  if (!ok) {
    RemoveHold();
  } else if (cancelled_) {
    Next();
  } else {
    owner_->OnFetched(this, FromBuffer(block_));
  }
}

void BlockFetch::OnDone(const grpc::Status& status) {
  const std::shared_ptr<Owner> owner = owner_;
  owner->OnFetchEnd(std::move(self_), status);
}

}  // namespace assent::network
