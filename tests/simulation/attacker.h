// How a node that has been turned misuses its place. It runs the protocol like the others and then
// does to its messages what its kind does.
#ifndef ASSENT_TESTS_SIMULATION_ATTACKER_H_
#define ASSENT_TESTS_SIMULATION_ATTACKER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "ledger/crypto/keys.h"
#include "node/consensus/effects.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"

namespace assent::simulation {

enum class Attack {
  kNone,
  kSilentLeader,  // proposes nothing
  kWithholder,    // keeps most of its votes to itself
  kSelective,     // sends each message to some only
  kReplayer,      // sends old messages again
  kEquivocator,   // proposes two blocks, votes for both, skips and finalizes
  kForker,        // proposes on a block that others have left behind
  kSwapper,       // sends good headers, its own and others', with entries that are not theirs
};
inline constexpr int kAttacks = 8;
std::string_view AttackName(Attack attack);

// One message to one node.
struct Letter {
  NodeId to = 0;
  consensus::Message message;
};

class Attacker {
 public:
  Attacker(Attack attack, Random random, NodeId self, std::size_t nodes, LedgerId ledger,
           const SigningKey* key)
      : attack_(attack), random_(random), self_(self), nodes_(nodes), ledger_(ledger), key_(key) {}

  Attack attack() const { return attack_; }
  // Makes a block that is valid on some other parent; nothing when there is none.
  std::function<std::optional<consensus::Block>(const consensus::Block& instead_of)> fork;
  // What becomes of what the node wants to send.
  std::vector<Letter> Twist(const consensus::Send& send);
  // What it sends because of what it hears.
  std::vector<Letter> Hear(NodeId from, const consensus::Message& message);

 private:
  std::vector<Letter> ToAll(const consensus::Send& send) const;
  consensus::Proposal Propose(consensus::Block block, const consensus::Proposal& instead_of) const;
  void Fork(const consensus::Send& send, std::vector<Letter>& letters) const;
  void Equivocate(const consensus::Send& send, std::vector<Letter>& letters);
  consensus::BlockPtr Swap(const consensus::Block& block);
  consensus::Vote Sign(VoteKind kind, const Statement& like, const Hash& block) const;

  static constexpr std::size_t kOldMax = 200;  // letters remembered for replaying

  Attack attack_;
  Random random_;
  NodeId self_;
  std::size_t nodes_;
  LedgerId ledger_;
  const SigningKey* key_;
  std::deque<consensus::Message> old_;
  Hash other_block_;                          // the second of the two last proposed
  std::vector<consensus::EntryPtr> entries_;  // of the last blocks that were swapped
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_ATTACKER_H_
