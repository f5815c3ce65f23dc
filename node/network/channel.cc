#include "node/network/channel.h"

#include <chrono>

#include "ledger/limits.h"
#include "node/network/limits.h"
#include "transport/credentials.h"

namespace assent::network {
namespace {

int Ms(std::chrono::milliseconds duration) { return static_cast<int>(duration.count()); }

constexpr int kUnlimited = 0;
constexpr int kOnlyIdentity = 1 << GRPC_COMPRESS_NONE;

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> PeerCredentials(const transport::Certificate& own,
                                                          const PeerAddress& peer) {
  return transport::ChannelCredentials(
      &own, [key = peer.transport_key](const PublicKey& shown) { return shown == key; });
}

std::shared_ptr<grpc::Channel> MakePeerChannel(
    const std::string& endpoint, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments = transport::ClientArguments();
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  arguments.SetMaxSendMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Ms(kConnectTimeout));
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, kOnlyIdentity);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(kKeepalive));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kKeepaliveTimeout));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, kUnlimited);
  return grpc::CreateCustomChannel(endpoint, credentials, arguments);
}

void SetServerLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  builder.SetMaxSendMessageSize(static_cast<int>(kGrpcMessageBytesMax));
  grpc::ResourceQuota quota("peers");
  quota.Resize(kServerMemoryBytesMax).SetMaxThreads(kSyncThreadsMax);
  builder.SetResourceQuota(quota);
  // One queue, however many processors: each takes threads of the quota from the start.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  // A few bytes of compressed message can stand for megabytes.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Ms(kHandshakeTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Ms(kConnectionIdle));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(kKeepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, kUnlimited);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Ms(kKeepaliveLeast));
}

}  // namespace assent::network
