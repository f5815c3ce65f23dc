// The bounds of what clients can have under way at this node. Past them a call gets
// RESOURCE_EXHAUSTED at once. How often one client may call is in node/quota/quotas.h.
#ifndef ASSENT_NODE_SERVICE_LIMITS_H_
#define ASSENT_NODE_SERVICE_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace assent::service {

// How many calls of one kind may be under way: of all clients, of those together that are not known
// by their key, and of one (call_limit.h).
struct Places {
  std::size_t all;
  std::size_t of_strangers;
  std::size_t of_one_client;
};
inline constexpr Places kReads{1'024, 768, 256};  // unary reads, running or waiting for a thread
inline constexpr Places kSubmits{16'384, 12'288, 8'192};  // until the entry is taken or final
inline constexpr Places kWatches{512, 384, 64};  // open WatchEntries streams; each holds one page
// Watches of strangers go on so often at most: each that follows the newest entry costs a read.
inline constexpr std::chrono::milliseconds kStrangersWokenEach{200};
inline constexpr Places kAudits{64, 48, 8};     // open AuditBlocks streams
inline constexpr Places kComparisons{8, 6, 4};  // pages of the state

// Bytes of answers to reads that have been made and that the client has not taken yet. gRPC holds
// each twice: as a message and as the bytes on the wire.
inline constexpr Places kAnswerBytes{256 * 1024 * 1024, 192 * 1024 * 1024, 64 * 1024 * 1024};

// Refusals for want of room that one client is told at once in a second, after a pause five
// seconds' worth. Each beyond them is told so much later: whoever tries again at once waits for
// itself.
inline constexpr std::uint32_t kRefusalsAtOnce = 20;
inline constexpr std::chrono::milliseconds kRefusalHeld{1'000};
// Bytes of the calls that are held back so: of each its request, and about as much as this for what
// gRPC keeps of it. Past them refusals are told at once again.
inline constexpr std::size_t kHeldCallBytes = 8 * 1024;
inline constexpr Places kHeldBytes{32 * 1024 * 1024, 24 * 1024 * 1024, 8 * 1024 * 1024};

// Inspectors that are known by their key; more than so many count as strangers.
inline constexpr std::size_t kKnownInspectorsMax = 16'384;
// Keys that have become known, or are no more, count as such with the next block after so long.
inline constexpr std::chrono::milliseconds kKnownKeysAge{1'000};

// One request; the largest holds an entry (kBodyBytesMax and its header). Answers may be longer.
inline constexpr int kRequestBytesMax = 128 * 1024;
inline constexpr std::size_t kReadThreads = 4;    // for who is known; at most, for strangers
inline constexpr std::size_t kAnswerThreads = 2;  // for what submitters and the operator wait for
// gRPC's own, for its synchronous services (reflection, health): each open stream of them has one.
inline constexpr int kSyncThreadsMax = 16;
inline constexpr std::size_t kAuditPageBytesMax = 1024 * 1024;  // blocks read at once for a stream
inline constexpr int kStreamsPerConnectionMax = 1'024;
inline constexpr std::size_t kServerMemoryBytesMax = 512 * 1024 * 1024;  // gRPC's buffers
// A handshake that a caller does not go on with, and a connection on which there is no call.
inline constexpr std::chrono::milliseconds kHandshakeTimeout{10'000};
inline constexpr std::chrono::milliseconds kConnectionIdle{60'000};
// When the node stops, calls that have been sent to it and have not come yet are still answered:
// until none has come for so long, or, when they do not stop coming, for so long in all.
inline constexpr std::chrono::milliseconds kStopQuiet{200};
inline constexpr std::chrono::milliseconds kStopQuietMax{2'000};
// Then calls get so long to end by themselves.
inline constexpr std::chrono::milliseconds kStopGrace{500};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_LIMITS_H_
