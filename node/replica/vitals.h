// What the replica tells of itself for its operator's metrics, beside its status.
#ifndef ASSENT_NODE_REPLICA_VITALS_H_
#define ASSENT_NODE_REPLICA_VITALS_H_

#include <cstddef>
#include <map>

#include "ledger/types.h"

namespace assent::replica {

struct Vitals {
  std::size_t pool_entries_of_voters = 0;  // that wait, of states whose nodes vote
  std::size_t pool_entries_of_others = 0;
  // Own clock less the time of the newest block that each voter of this epoch has proposed and that
  // came as it was proposed: how far the clocks are apart, and how long the block was on its way.
  std::map<MemberCode, Duration> clock_offsets;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_VITALS_H_
