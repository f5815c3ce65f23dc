// File descriptors: each connection takes one, and a node that has none left can neither accept a
// connection nor open a file of its database.
#ifndef ASSENT_NODE_DESCRIPTORS_H_
#define ASSENT_NODE_DESCRIPTORS_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace assent::node {

// The least that a node starts with: the database (512 files), peers, and some thousand clients.
inline constexpr std::uint64_t kDescriptorsMin = 4'096;
// The last of them are not for whoever connects: so many for the node itself, its database above
// all, and before those so many for peers and not for clients.
inline constexpr std::uint64_t kDescriptorsOfNode = 1'024;
inline constexpr std::uint64_t kDescriptorsOfPeers = 1'024;

// Raises this process's limit as far as it may; returns how many descriptors it can have,
// at most INT_MAX.
// FailedPrecondition: that is less than kDescriptorsMin.
absl::StatusOr<std::uint64_t> RaiseDescriptorLimit();

// The kernel gives the lowest number that is free, so as many are in use at least. INT_MAX when
// none is free.
int LowestFreeDescriptor();

}  // namespace assent::node

#endif  // ASSENT_NODE_DESCRIPTORS_H_
