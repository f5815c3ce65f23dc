// How a node that has been turned misuses its place. It runs the protocol like the others; an
// attacker then does to what goes out what its kind does. Each kind has a file of its own here.
#ifndef ASSENT_TESTS_SIMULATION_ATTACKERS_ATTACKER_H_
#define ASSENT_TESTS_SIMULATION_ATTACKERS_ATTACKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/crypto/keys.h"
#include "node/consensus/messages.h"
#include "node/replica/codec.h"
#include "tests/simulation/random.h"

namespace assent::simulation {

// One message to one voter.
struct Letter {
  consensus::Position to = 0;
  consensus::Message message;
};

class Attacker {
 public:
  // What it has in hand. Voters and keys change with the epochs.
  struct Place {
    Random random{0};
    LedgerId ledger;
    std::function<const SigningKey*()> vote_key;
    std::function<std::optional<consensus::Position>()> self;  // nothing while it does not vote
    std::function<std::size_t()> voters;
    // Makes a block that is valid on some other parent; nothing when there is none. Empty: it
    // cannot.
    std::function<std::optional<consensus::Block>(const consensus::Block& instead_of)> fork;
    // Signs a checkpoint by the node's key. Empty: it cannot.
    std::function<Signature(std::uint64_t tree_size, const Hash& root)> sign_tree;
  };

  explicit Attacker(Place place) : place_(std::move(place)) {}
  virtual ~Attacker() = default;

  // What becomes of a message that its node wants to send.
  virtual std::vector<Letter> Twist(Letter letter) { return {std::move(letter)}; }
  // What it sends because of what it hears.
  virtual std::vector<Letter> Hear(consensus::Position /*from*/,
                                   const consensus::Message& /*message*/) {
    return {};
  }

  // Another epoch has begun: what was said before can be encoded no more.
  virtual void NewEpoch() {}

  // These only in whole replicas. Greetings, entries and checkpoint signatures, before they leave:
  virtual void Garble(replica::PeerMessage& /*message*/) {}
  // What goes to a peer instead of these bytes, which are of the codec's epoch.
  virtual std::vector<std::string> Post(const std::string& bytes, const replica::Codec& /*codec*/) {
    return {bytes};
  }
  // A range of blocks that a peer has asked for, serialized.
  virtual void Serve(std::vector<std::string>& /*blocks*/) {}

 protected:
  Random& random() { return place_.random; }
  const Place& place() const { return place_; }
  // The block with a good hash and a good signature of its leader.
  consensus::Proposal Propose(consensus::Block block, const consensus::Proposal& instead_of) const;
  consensus::Vote Sign(VoteKind kind, const Statement& like, const Hash& block) const;
  // Somebody else among the voters.
  consensus::Position Another();

 private:
  Place place_;
};

struct AttackerKind {
  std::string_view name;
  bool replicas_only = false;
  std::unique_ptr<Attacker> (*make)(Attacker::Place place) = nullptr;
  // Its key is on a second machine, with a disk of its own.
  bool twin = false;
};
// The same in every run: seeds choose by place in it.
std::span<const AttackerKind> AttackerKinds();

std::unique_ptr<Attacker> MakeBadServer(Attacker::Place place);
std::unique_ptr<Attacker> MakeBodySwapper(Attacker::Place place);
std::unique_ptr<Attacker> MakeDigestLiar(Attacker::Place place);
std::unique_ptr<Attacker> MakeEquivocator(Attacker::Place place);
std::unique_ptr<Attacker> MakeFlooder(Attacker::Place place);
std::unique_ptr<Attacker> MakeForker(Attacker::Place place);
std::unique_ptr<Attacker> MakeReplayer(Attacker::Place place);
std::unique_ptr<Attacker> MakeRootLiar(Attacker::Place place);
std::unique_ptr<Attacker> MakeSelectiveSender(Attacker::Place place);
std::unique_ptr<Attacker> MakeSilentLeader(Attacker::Place place);
std::unique_ptr<Attacker> MakeStaleEpochVoter(Attacker::Place place);
std::unique_ptr<Attacker> MakeTwin(Attacker::Place place);
std::unique_ptr<Attacker> MakeVoteWithholder(Attacker::Place place);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_ATTACKERS_ATTACKER_H_
