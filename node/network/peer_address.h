// A peer as it is configured, and as the operator sees it.
#ifndef ASSENT_NODE_NETWORK_PEER_ADDRESS_H_
#define ASSENT_NODE_NETWORK_PEER_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::network {

struct PeerAddress {
  MemberCode code;
  std::string endpoint;  // host:port
  PublicKey transport_key;
  bool operator==(const PeerAddress&) const = default;
};

// How far this node's clock is ahead of a peer's, right to `margin`.
struct ClockOffset {
  Duration ahead;
  Duration margin;
};

struct LinkStatus {
  MemberCode code;
  std::string endpoint;
  bool sending = false;       // our stream to it is up
  bool receiving = false;     // its stream to us is up
  std::uint64_t queued = 0;   // messages that wait to be sent
  std::uint64_t dropped = 0;  // messages dropped because its queue was full, or they were too large
  std::uint64_t unsent = 0;   // messages dropped because our stream to it was down
  std::string last_error;     // why it is not reached; empty while it is
  std::optional<ClockOffset> clock =
      std::nullopt;  // when it was asked last; nothing while it is away
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_PEER_ADDRESS_H_
