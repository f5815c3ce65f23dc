// What a core is told once: who votes, who it is itself, where it starts, and how patient it is.
#ifndef ASSENT_NODE_CONSENSUS_CONFIG_H_
#define ASSENT_NODE_CONSENSUS_CONFIG_H_

#include <cstdint>
#include <optional>

#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// A reading of the monotonic clock, microseconds from some fixed instant of this run. Timers use
// it.
struct Instant {
  std::int64_t us = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};
constexpr Instant operator+(Instant t, Duration d) { return {t.us + d.us}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }

// The two clocks at one moment. `wall` stamps blocks and judges their stamps; it may jump.
struct Now {
  Instant mono;
  Time wall;
};

// Patience. Differing values on two nodes cost speed, never safety.
struct Timing {
  Duration view_timeout = Milliseconds(2'000);  // T0
  // The timeout grows by num/den with every view since the last final one, up to the cap.
  std::int64_t growth_num = 3;
  std::int64_t growth_den = 2;
  Duration view_timeout_max = Seconds(60);
  Duration standstill = Seconds(5);       // Ts
  Duration heartbeat = Seconds(60);       // an empty block after so long without one
  Duration max_clock_skew = Seconds(10);  // no vote for a block whose time is further off
  Duration fetch_first =
      Milliseconds(100);  // before a missing block is asked for; doubles each time
  Duration fetch_max = Seconds(5);
};

// The newest final block, or the block that the epoch starts on.
struct FinalTip {
  BlockHeader header;  // view and epoch of the block itself
  Hash hash;
  CertificatePtr certificate;  // of this epoch; null at the start of an epoch
};

class Observer;

struct Config {
  LedgerId ledger;
  Epoch epoch;
  VoterSet voters;
  // Own place among the voters; nothing for a node that only follows.
  std::optional<Position> self;
  // Signs votes and proposals; outlives the core. Null exactly when `self` is nothing.
  const SigningKey* key = nullptr;
  FinalTip base;
  // May this node have forgotten votes that it has cast? Then it does not vote until it has found
  // out.
  bool restoring = false;
  Nonce nonce;  // random, new at every start
  Timing timing;
  Observer* observer = nullptr;  // outlives the core; null: nobody looks on
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_CONFIG_H_
