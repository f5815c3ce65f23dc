// What the nodes and clients of a real ledger share.
#ifndef ASSENT_TESTS_SIMULATION_LEDGER_PARTS_H_
#define ASSENT_TESTS_SIMULATION_LEDGER_PARTS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/rules/rules.h"
#include "node/consensus/config.h"
#include "tests/simulation/history.h"
#include "tests/simulation/identity.h"
#include "tests/simulation/network.h"
#include "tests/support/test_ledger.h"

namespace assent::simulation {

class ReplicaNode;

// Nodes take heartbeat and clock skew from the ledger.
inline ActParameters ParametersFor(const consensus::Timing& timing) {
  ActParameters parameters;
  parameters.heartbeat = timing.heartbeat;
  parameters.max_clock_skew = timing.max_clock_skew;
  return parameters;
}

struct LedgerParts {
  // `joining` states are no members yet.
  LedgerParts(std::size_t founders, std::size_t joining, const consensus::Timing& timing)
      : ledger(founders, ParametersFor(timing)),
        genesis(rules::MakeGenesis(ledger.act)),
        history(ledger.act),
        machines(founders + joining) {
    for (std::size_t i = 0; i < founders + joining; ++i) {
      states.emplace_back(*MemberCode::From(std::string(3, static_cast<char>('A' + i))));
    }
  }

  std::optional<NodeId> IndexOf(const MemberCode& code) const {
    const auto index = static_cast<std::size_t>(code.str()[0] - 'A');
    if (index >= states.size() || states[index].code() != code) return std::nullopt;
    return index;
  }

  testing::TestLedger ledger;
  rules::Genesis genesis;
  History history;              // of what is final
  std::deque<Identity> states;  // founders first; AAA, BBB, ...
  std::vector<ReplicaNode*> nodes;
  std::vector<std::vector<NodeId>> machines;  // of each state: two when its key has a twin
  // Told that a node has cast a Finalize vote, and that it is the first to have a block.
  std::function<void(NodeId)> on_finalize_vote;
  std::function<void(NodeId)> on_commit;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_LEDGER_PARTS_H_
