// Bounds and patience of a mirror towards the nodes that it copies.
#ifndef ASSENT_NODE_MIRROR_LIMITS_H_
#define ASSENT_NODE_MIRROR_LIMITS_H_

#include <chrono>
#include <cstddef>

namespace assent::mirror {

// Each has a thread and a connection.
inline constexpr std::size_t kSourcesMax = 16;
// How often each is asked where it stands: so far behind is a mirror that keeps up.
inline constexpr std::chrono::milliseconds kPollInterval{500};
// For one answer that is no stream. A stream that brings nothing is left by replica::CatchUp.
inline constexpr std::chrono::milliseconds kCallTimeout{10'000};
// Before a source that did not answer is asked again; doubles.
inline constexpr std::chrono::milliseconds kBackoffFirst{500};
inline constexpr std::chrono::milliseconds kBackoffMax{5'000};
// A silent connection is asked after so long whether it is there, and given up after so much more.
inline constexpr std::chrono::milliseconds kKeepalive{20'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{10'000};

}  // namespace assent::mirror

#endif  // ASSENT_NODE_MIRROR_LIMITS_H_
