// More disks are lost at one moment than the ledger bears, and the members do what then is to be
// done (docs/operate.md, "Losing too many disks at once"): drafts of all that have their data, the
// highest of them signed by the members, the act given to each node. What was final at any node
// must still be there: so many are lost that of those who finalized a block one is left.
#ifndef ASSENT_TESTS_SIMULATION_LOSSES_H_
#define ASSENT_TESTS_SIMULATION_LOSSES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "node/replica/restart.h"
#include "tests/simulation/ledger_parts.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

// Once in a run, at most. For runs without attackers, and in which nothing else breaks promises.
class Losses {
 public:
  Losses(LedgerParts* parts, const Setting& setting, Random random);

  // Somebody does the next thing, when it is time.
  void Act();
  // The storm is over: what has not been lost stays.
  void Release();
  // Nothing is left to be done.
  bool content() const { return phase_ == Phase::kNone || phase_ == Phase::kDone; }
  // For a report.
  bool restarted() const { return act_ != nullptr; }

 private:
  enum class Phase {
    kNone,    // nothing is lost yet
    kChosen,  // some disks are lost in a moment
    kLost,
    kActing,  // there is an act, which some nodes have
    kDone,
  };
  // They are chosen this long before they are lost, at most.
  static constexpr Duration kChosenMax = Seconds(10);

  // Voters of the newest epoch that is final anywhere, all of them up; empty: they are not.
  std::vector<NodeId> VotersAtHand() const;
  bool Choose();
  void OnFinalizeVote(NodeId node);
  void OnCommit(NodeId node);
  void Lose();
  bool MakeAct();
  void Give(NodeId node);
  ReplicaNode* NodeOf(NodeId node) const { return parts_->nodes[node]; }
  bool Due(Duration after) const { return setting_.world->now_us() >= since_us_ + after.us; }
  void Enter(Phase phase);

  LedgerParts* const parts_;
  const Setting setting_;
  Random random_;
  Phase phase_ = Phase::kNone;
  std::int64_t since_us_ = 0;   // it began then
  Duration wait_;               // so long it lasts, at least
  std::vector<NodeId> voters_;  // of the epoch in which they are lost
  std::set<NodeId> lost_;
  bool mute_ = false;       // the last votes of those to be lost do not reach the others
  bool at_commit_ = false;  // they are lost when one of them is the first to have a block
  replica::RestartPtr act_;
  // Who has to be given it, and with which word of its operator's.
  std::map<NodeId, bool> open_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_LOSSES_H_
