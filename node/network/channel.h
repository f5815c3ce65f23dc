// How a peer is dialled, and how peers are listened for.
#ifndef ASSENT_NODE_NETWORK_CHANNEL_H_
#define ASSENT_NODE_NETWORK_CHANNEL_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "node/network/peer_address.h"
#include "transport/certificate.h"

namespace assent::network {

// Shows `own`, and accepts the peer's key alone.
std::shared_ptr<grpc::ChannelCredentials> PeerCredentials(const transport::Certificate& own,
                                                          const PeerAddress& peer);

// A connection of its own, shared with no other channel. It is meant for one attempt: gRPC's own
// pauses between attempts, which grow to minutes, never begin. Any thread.
std::shared_ptr<grpc::Channel> MakePeerChannel(
    const std::string& endpoint, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

// What one caller may cost a server, and how soon a silent one is found out.
void SetServerLimits(grpc::ServerBuilder& builder);

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_CHANNEL_H_
