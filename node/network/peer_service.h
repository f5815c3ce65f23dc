// assent.v1.Peer on the wire. Who calls is known by its transport key, whatever it says of itself.
#ifndef ASSENT_NODE_NETWORK_PEER_SERVICE_H_
#define ASSENT_NODE_NETWORK_PEER_SERVICE_H_

#include <memory>

#include "assent/v1/peer.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "node/network/block_server.h"
#include "node/network/peer_directory.h"

namespace assent::network {

// Messages are bytes here, but for the time: they are parsed by those who check them. Any thread.
class PeerService
    : public v1::Peer::WithCallbackMethod_GetTime<v1::Peer::WithRawCallbackMethod_Exchange<
          v1::Peer::WithRawCallbackMethod_GetBlocks<v1::Peer::Service>>> {
 public:
  PeerService(std::shared_ptr<const PeerDirectory> directory, BlockServer* blocks);

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Exchange(
      grpc::CallbackServerContext* context) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* GetBlocks(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* GetTime(grpc::CallbackServerContext* context,
                                    const v1::GetTimeRequest* request,
                                    v1::GetTimeResponse* response) override;

 private:
  // The link to the caller; null when it is no peer (any more).
  std::shared_ptr<Link> CallerOf(const grpc::CallbackServerContext& context) const;

  const std::shared_ptr<const PeerDirectory> directory_;
  BlockServer* const blocks_;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_PEER_SERVICE_H_
