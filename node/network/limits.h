// Bounds and patience of the peer network.
#ifndef ASSENT_NODE_NETWORK_LIMITS_H_
#define ASSENT_NODE_NETWORK_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace assent::network {

// What waits to be sent to one peer. The messages are shared with the other peers' queues.
inline constexpr std::size_t kQueueMessagesMax = 16'384;
inline constexpr std::size_t kQueueBytesMax = 16 * 1024 * 1024;
// Small writes that may share a packet.
inline constexpr std::size_t kWritesPerFlush = 16;

// What has come from one peer and waits for PeerEvents: beyond it the peer's stream is not read.
inline constexpr std::size_t kInboxMessagesMax = 1'024;
inline constexpr std::size_t kInboxBytesMax = 8 * 1024 * 1024;

// What gRPC takes in of a stream that is not read: HTTP/2's window, which does not grow. 20 MB/s
// from the other side of the world.
inline constexpr int kWindowBytes = 4 * 1024 * 1024;

// Blocks of one answer.
inline constexpr std::uint32_t kRangeBlocksMax = 4'096;
// Calls that a peer may have under way on one connection; it needs three.
inline constexpr int kStreamsPerConnectionMax = 8;
// Of gRPC's threads for synchronous services: reflection, where it is linked, is one on each
// server.
inline constexpr int kSyncThreadsMax = 16;
// Of the server's buffers, all peers together.
inline constexpr std::size_t kServerMemoryBytesMax = 512 * 1024 * 1024;

// Before dialling again; doubles.
inline constexpr std::chrono::milliseconds kBackoffFirst{50};
inline constexpr std::chrono::milliseconds kBackoffMax{5'000};
// A stream that was up so long was a good one: the next failure begins with the first pause.
inline constexpr std::chrono::milliseconds kStable{5'000};
// To connect, and until the other side has accepted the stream.
inline constexpr std::chrono::milliseconds kConnectTimeout{5'000};
inline constexpr std::chrono::milliseconds kDialTimeout{10'000};
// A handshake that a caller does not go on with.
inline constexpr std::chrono::milliseconds kHandshakeTimeout{10'000};
// A connection on which there is no call.
inline constexpr std::chrono::milliseconds kConnectionIdle{30'000};
// A silent peer is asked after so long whether it is there, and given up after so much more.
inline constexpr std::chrono::milliseconds kKeepalive{5'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{4'000};
// Callers that ask more often are cut off.
inline constexpr std::chrono::milliseconds kKeepaliveLeast{1'000};
// A peer is asked so often what time it is, and gets so long to answer.
inline constexpr std::chrono::milliseconds kClockEach{30'000};
inline constexpr std::chrono::milliseconds kClockTimeout{5'000};
// The next block of a range.
inline constexpr std::chrono::milliseconds kBlockTimeout{10'000};
// For calls to end, once they have been told: those that came in, and those that we made, all links
// together. It takes milliseconds; a bound, so that a stop always ends, and in time (operate.md).
inline constexpr std::chrono::milliseconds kShutdown{1'000};
inline constexpr std::chrono::milliseconds kStreamsEndMax{1'000};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_LIMITS_H_
