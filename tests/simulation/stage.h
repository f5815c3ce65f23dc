// What a run is made of: nodes that can be started, crashed and wiped, the ledger that they share,
// and the clients that file on it. Two stages exist: the bare consensus core over a toy ledger,
// fast enough for thousands of storms and hundreds of nodes, and the whole replica with its real
// rules, pool and execution, whose members and keys change while it runs.
#ifndef ASSENT_TESTS_SIMULATION_STAGE_H_
#define ASSENT_TESTS_SIMULATION_STAGE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "ledger/membership/voters.h"
#include "node/consensus/config.h"
#include "tests/simulation/attackers/attacker.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/world.h"

namespace assent::simulation {

class SimNode {
 public:
  virtual ~SimNode() = default;
  // Nothing happens when it is up, or not to run at all now.
  virtual void Start() = 0;
  // Loses everything but the disk. A write under way may or may not have reached it, as a whole.
  virtual void Crash() = 0;
  // Calls `crash` while the next write is under way, when promises are easiest to break.
  virtual void AtNextWrite(std::function<void()> crash) = 0;
  // Loses the disk as well; while it is down.
  virtual void Wipe() = 0;
  virtual bool up() const = 0;
  virtual bool restoring() const = 0;
  // Must it come to hold everything when all is calm?
  virtual bool belongs() const { return true; }
  // Its own stream to a peer came up or went down.
  virtual void Link(NodeId peer, bool up) = 0;
  // A client hands in an entry; nothing happens when the node is down.
  virtual void Submit(const EntryPtr& entry) = 0;
  // Its own view of the world, for a failed run.
  virtual std::string Describe() const = 0;

  // Stands still until then; what comes meanwhile waits.
  virtual void Pause(Duration length) = 0;
  // Sets its clock this far from the true time.
  virtual void SetClock(Duration skew) = 0;
  // It stops when a write fails, and is started again, be the disk still full or not.
  virtual void BreakDisk(DiskFault fault) = 0;
  // There is room on its disk.
  virtual void FreeDisk() = 0;
  // Some of its disk has changed. Found when that is read, at a start or later; then it is wiped.
  virtual void Rot() = 0;
  // Its operator looks after the disk, and wipes it if any of it is rotten.
  virtual void MendDisk() = 0;
};

// What the nodes of a run share. The stage outlives them, and these outlive the stage.
struct Setting {
  World* world = nullptr;
  Network* network = nullptr;
  Checker* checker = nullptr;
  consensus::Timing timing;
  FaultsOff off;
  // So many of the nodes may break their promises in the run, as attackers or for a lost disk.
  std::size_t faulty_max = 0;
  // More disks are lost at one moment than the ledger bears. Of whole replicas only.
  bool losses = false;
  // Null: nobody wants to know.
  Trace* trace = nullptr;
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
  // Nodes that may vote at some time; the first of them do from the start.
  virtual std::size_t members() const = 0;
  // The first node of a member.
  virtual NodeId NodeOf(const MemberCode& member) const = 0;
  // Nodes are made once each, in order: those of the members, then twins of some of them.
  // `attacker` is null for an honest one.
  virtual SimNode* MakeNode(const Setting& setting, NodeId member, const AttackerKind* attacker,
                            Random random) = 0;
  virtual void Begin(const Setting& setting, Random random) = 0;

  // A client files something, or answers what others have filed.
  virtual void ClientsFile() = 0;
  // Calm begins: what was done to nodes for good is undone.
  virtual void Release() {}
  // Clients whose entries are not final hand them in again, to nodes that are not hostile.
  virtual void ClientsInsist() = 0;
  // All that was filed is final.
  virtual bool ClientsContent() const = 0;
  // At the end: what no longer run has checked.
  virtual void CheckEnd() {}
  // What happened to the ledger, for a report.
  virtual std::string Summary() const { return ""; }
};

std::unique_ptr<Stage> MakeToyStage(std::size_t nodes);
// At most kReplicaNodesMax nodes.
std::unique_ptr<Stage> MakeReplicaStage(std::size_t nodes, const consensus::Timing& timing);
inline constexpr std::size_t kReplicaNodesMax = 23;

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_STAGE_H_
