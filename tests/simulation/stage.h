// What a run is made of: nodes that can be started, crashed and wiped, and the ledger that they
// share. Two stages exist: the bare consensus core over a toy ledger, fast enough for thousands of
// storms and hundreds of nodes, and the whole replica with its real rules, pool and execution.
#ifndef ASSENT_TESTS_SIMULATION_STAGE_H_
#define ASSENT_TESTS_SIMULATION_STAGE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "ledger/membership/voters.h"
#include "node/consensus/config.h"
#include "tests/simulation/attacker.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/world.h"

namespace assent::simulation {

class SimNode {
 public:
  virtual ~SimNode() = default;
  virtual void Start() = 0;
  // Loses everything but the disk. A write under way may or may not have reached it.
  virtual void Crash() = 0;
  // Calls `crash` while the next write is under way, when promises are easiest to break.
  virtual void AtNextWrite(std::function<void()> crash) = 0;
  // Loses the disk as well; while it is down.
  virtual void Wipe() = 0;
  virtual bool up() const = 0;
  virtual bool restoring() const = 0;
  // Its own stream to a peer came up or went down.
  virtual void Link(NodeId peer, bool up) = 0;
  // A client hands in an entry; nothing happens when the node is down.
  virtual void Submit(const consensus::EntryPtr& entry) = 0;
  // Its own view of the world, for a failed run.
  virtual std::string Describe() const = 0;
};

// What the nodes of a run share. The stage outlives them, and these outlive the stage.
struct Setting {
  World* world = nullptr;
  Network* network = nullptr;
  Checker* checker = nullptr;
  consensus::Timing timing;
};

// How long a synchronous write takes: mostly a moment, now and then much longer.
inline Duration WriteDelay(Random& random) {
  return Microseconds(random.Chance(100) ? random.Between(8'000, 300'000)
                                         : random.Between(100, 8'000));
}

class Stage {
 public:
  virtual ~Stage() = default;
  virtual const LedgerId& ledger() const = 0;
  virtual const VoterSet& voters() const = 0;
  virtual const SigningKey& vote_key(NodeId node) const = 0;
  // The author's next entry; never the same twice.
  virtual consensus::EntryPtr MakeEntry(NodeId author) = 0;
  // Nodes are made once each, in order.
  virtual SimNode* MakeNode(const Setting& setting, Attack attack, Random random) = 0;
};

std::unique_ptr<Stage> MakeToyStage(std::size_t nodes);
// At most kReplicaNodesMax nodes.
std::unique_ptr<Stage> MakeReplicaStage(std::size_t nodes, const consensus::Timing& timing);
inline constexpr std::size_t kReplicaNodesMax = 26;

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_STAGE_H_
