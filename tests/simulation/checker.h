// Watches a run from outside and says what went wrong. It knows nothing of how the nodes work: it
// counts quorums itself, and keeps its own record of what each node has ever said.
#ifndef ASSENT_TESTS_SIMULATION_CHECKER_H_
#define ASSENT_TESTS_SIMULATION_CHECKER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/consensus/effects.h"
#include "tests/simulation/network.h"

namespace assent::simulation {

class Checker {
 public:
  // `honest` are the nodes to which the promises apply.
  Checker(LedgerId ledger, std::set<NodeId> honest) : ledger_(ledger), honest_(std::move(honest)) {}

  // Vote keys of an epoch's voters in code order; nothing when it has not begun.
  std::function<std::optional<std::vector<PublicKey>>(Epoch)> keys;
  // Told of every final block once, in order; says what is wrong with it.
  std::function<std::optional<std::string>(const consensus::Block&)> read;

  // A node wrote a final block to its disk. `tail`: headers from a closing block to the one that
  // the certificate is for.
  void OnCommit(NodeId node, const consensus::Block& block, const Certificate* certificate,
                const std::vector<std::string>& tail = {});
  // A node came up again with this as its newest final block; height 0: none.
  void OnStart(NodeId node, Height height, const Hash& hash);
  // A node lost its disk: it owes nobody what was on it, except its votes.
  void OnWipe(NodeId node) {
    committed_.erase(node);
    told_.erase(node);
  }
  // A vote or proposal left a node.
  void OnVote(NodeId node, const Statement& statement);
  void OnProposal(NodeId node, const BlockHeader& header, const Hash& hash);
  // A node says that what cannot happen has happened, or gives evidence against somebody.
  void OnBroken(NodeId node, const std::string& what);
  void OnEvidence(NodeId node, NodeId accused);
  // A node told a client that its entry is final, at this place.
  void OnAnswer(NodeId node, const Hash& leaf, EntryIndex index);

  // The first thing that went wrong.
  const std::optional<std::string>& failure() const { return failure_; }
  void Fail(std::string what) {
    if (!failure_) failure_ = std::move(what);
  }

  const std::set<NodeId>& honest() const { return honest_; }
  // Highest height that some honest node has committed.
  std::uint64_t height() const { return chain_.empty() ? 0 : chain_.rbegin()->first; }
  std::uint64_t HeightOf(NodeId node) const;
  bool Final(const Hash& leaf) const { return places_.contains(leaf); }
  // Where an entry is in the log.
  std::optional<std::uint64_t> PlaceOf(const Hash& leaf) const;
  // As many entries as the node must hold by what it has told its clients.
  std::uint64_t TreeSizeTold(NodeId node) const {
    const auto found = told_.find(node);
    return found == told_.end() ? 0 : found->second;
  }
  std::uint64_t votes_of(NodeId node) const {
    const auto found = votes_seen_.find(node);
    return found == votes_seen_.end() ? 0 : found->second;
  }
  std::uint64_t answers() const { return answers_; }
  std::uint64_t evidence() const { return evidence_; }

 private:
  using At = std::pair<std::uint64_t, std::uint64_t>;  // epoch, view
  void CheckCertificate(const consensus::Block& block, const Certificate& certificate,
                        const std::vector<std::string>& tail);

  LedgerId ledger_;
  std::set<NodeId> honest_;
  std::optional<std::string> failure_;
  std::map<std::uint64_t, Hash> chain_;        // agreement: one hash per height
  std::map<NodeId, std::uint64_t> committed_;  // durability
  std::map<NodeId, std::uint64_t> told_;
  std::map<Hash, std::uint64_t> places_;  // leaves of the chain, each once
  std::set<Hash> certified_;              // blocks of which the signatures were checked
  // Everything that honest nodes voted: where to block.
  std::map<std::pair<NodeId, At>, Hash> notarized_, finalized_, proposed_;
  std::set<std::pair<NodeId, At>> skipped_;
  std::map<NodeId, std::uint64_t> votes_seen_;
  std::uint64_t answers_ = 0;
  std::uint64_t evidence_ = 0;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_CHECKER_H_
