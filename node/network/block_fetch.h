// A range of final blocks that we ask a peer for.
#ifndef ASSENT_NODE_NETWORK_BLOCK_FETCH_H_
#define ASSENT_NODE_NETWORK_BLOCK_FETCH_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "grpcpp/support/client_callback.h"
#include "ledger/types.h"

namespace assent::network {

// One request, from its start to its end. The next block is read only when the owner asks for it,
// so that what has not been looked at yet stays with the sender. A hold keeps gRPC from calling
// OnDone while the owner still has a block in hand.
class BlockFetch : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Called on gRPC's threads: returns quickly, and must not wait for one of them.
  class Owner {
   public:
    virtual ~Owner() = default;
    // A block. Next() must follow, once, from any thread.
    virtual void OnFetched(BlockFetch* fetch, std::string block) = 0;
    // The last call. The owner takes the request over, as with Outgoing.
    virtual void OnFetchEnd(std::shared_ptr<BlockFetch> fetch, const grpc::Status& status) = 0;
  };

  explicit BlockFetch(std::shared_ptr<Owner> owner) : owner_(std::move(owner)) {}

  // Asks. Once; `self` is kept until the end.
  void Begin(const std::shared_ptr<grpc::Channel>& channel, Height first, std::uint32_t max_blocks,
             std::shared_ptr<BlockFetch> self);
  void Next() { StartRead(&block_); }
  // Ends the request: nothing more is fetched. Any thread, any number of times.
  void Cancel();

 private:
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  const std::shared_ptr<Owner> owner_;
  std::shared_ptr<BlockFetch> self_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer block_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_BLOCK_FETCH_H_
