// Where the blocks come from that a peer asks for.
#ifndef ASSENT_NODE_NETWORK_BLOCK_SOURCE_H_
#define ASSENT_NODE_NETWORK_BLOCK_SOURCE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/types.h"

namespace assent::network {

// Called on one thread, which reads for all peers in turn: it may wait for a disk, and for nothing
// else. Errors end the answer and are told to the peer.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  // The last height of a range that begins at `first` and has at most `max_blocks`: one whose block
  // has a certificate.
  virtual absl::StatusOr<Height> EndOfRange(Height first, std::uint32_t max_blocks) = 0;
  // One serialized assent.v1.FinalBlock. Asked for when the block before it has left, so that a
  // peer that reads slowly costs the memory of one block.
  virtual absl::StatusOr<std::string> Block(Height height) = 0;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_BLOCK_SOURCE_H_
