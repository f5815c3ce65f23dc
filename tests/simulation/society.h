// The clients of a simulated ledger: what its states file, and the operators who do with the nodes
// what the ledger then says. They go by what is final, hand in again what is not, and believe no
// refusal of one node: what they file instead may meet the first on its way, and one of the two
// becomes final.
#ifndef ASSENT_TESTS_SIMULATION_SOCIETY_H_
#define ASSENT_TESTS_SIMULATION_SOCIETY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/ledger_parts.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class Society {
 public:
  Society(LedgerParts* parts, const Setting& setting, Random random);

  // Somebody files something, or does something to a node.
  void Act();
  // Nodes that were taken down for good come back, and all run with the keys that the ledger names.
  void Release();
  // What is not final is handed in again.
  void Insist();
  // All that was filed is final, and every node runs with the keys that the ledger names.
  bool content() const;

 private:
  struct Client {
    std::deque<EntryPtr> waiting;  // filed and not final, in order
    // The newest generation of each key that was ever filed.
    std::size_t authority = 0, reader = 0, node = 0;
    std::uint64_t notifications = 0;
  };

  static constexpr std::size_t kWaitingMax = 8;

  bool Respond(NodeId state);
  bool ActOnMembers(NodeId state);
  bool Invite(NodeId state);
  bool Leave(NodeId state);
  bool StepBack(NodeId state);
  bool StepIn(NodeId state);
  bool RotateNodeKeys(NodeId state);
  bool RotateAuthorityKey(NodeId state);
  bool Suspend(NodeId state);
  bool Revise(NodeId state);
  void Draft(NodeId state);
  void Accredit(NodeId state);
  void RunByTheLedger(bool all);
  bool AreKnown(NodeId state, std::size_t generation);

  bool On(std::string_view fault) const { return !setting_.off.contains(fault); }
  const MemberCode& CodeOf(NodeId state) const { return parts_->states[state].code(); }
  const History::Member* MemberOf(NodeId state) const {
    return parts_->history.Find(CodeOf(state));
  }
  ReplicaNode* NodeOf(NodeId state) const { return parts_->nodes[state]; }
  // It has filed nothing that is not final.
  bool Free(NodeId state) const { return clients_[state].waiting.empty(); }
  // Whether the ledger can bear it that the vote of this state ends: counted with what is under
  // way.
  bool MayLose(NodeId state) const;
  void Settle(NodeId state);
  void Notify(NodeId state);
  void File(NodeId state, const v1::Body& body);
  void HandIn(NodeId state, const EntryPtr& entry, NodeId machine);
  void OnTold(NodeId state, const EntryPtr& entry, const replica::SubmitOutcome& outcome);
  NodeId AnyHonest();
  std::uint32_t RandomSeconds(const std::pair<std::int64_t, std::int64_t>& range) {
    return static_cast<std::uint32_t>(random_.Between(range.first, range.second));
  }

  LedgerParts* const parts_;
  const Setting setting_;
  Random random_;
  std::vector<Client> clients_;
  // Height at which node keys were first seen to be named, by state and generation.
  std::map<std::pair<NodeId, std::size_t>, std::uint64_t> named_;
  std::set<NodeId> losing_;     // voters that are to be none
  std::optional<NodeId> gone_;  // held down until its vote is suspended
  std::uint64_t texts_ = 0;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_SOCIETY_H_
