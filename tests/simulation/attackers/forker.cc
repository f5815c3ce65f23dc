// Proposes on a block that others have left behind, votes for that, and helps no other block to
// become final.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class Forker : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    if (const auto* vote = std::get_if<consensus::Vote>(&letter.message)) {
      const bool own = vote->statement.block_hash == truth_;
      if (own) letter.message = Sign(vote->statement.kind, vote->statement, fork_);
      if (!own && vote->statement.kind == VoteKind::kFinalize) return {};
      return {std::move(letter)};
    }
    const auto* proposal = std::get_if<consensus::Proposal>(&letter.message);
    if (proposal == nullptr) return {std::move(letter)};
    consensus::Block other = *proposal->block;
    if (place().fork) {
      std::optional<consensus::Block> forked = place().fork(*proposal->block);
      if (forked) other = *std::move(forked);
    } else {
      // Without a valid one: a block that claims another parent.
      if (!left_.IsZero() && random().Chance(500)) other.header.parent = left_;
      left_ = proposal->block->header.parent;
    }
    truth_ = proposal->block->hash;
    letter.message = Propose(std::move(other), *proposal);
    fork_ = std::get<consensus::Proposal>(letter.message).block->hash;
    return {std::move(letter)};
  }

 private:
  Hash left_;
  Hash truth_;  // its node's last block
  Hash fork_;   // and what it proposes instead
};

}  // namespace

std::unique_ptr<Attacker> MakeForker(Attacker::Place place) {
  return std::make_unique<Forker>(std::move(place));
}

}  // namespace assent::simulation
