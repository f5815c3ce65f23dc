// Proposes two blocks, votes for both, skips and finalizes.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

using consensus::Proposal;
using consensus::Vote;

class Equivocator : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<Letter> Twist(Letter letter) override {
    if (const auto* proposal = std::get_if<Proposal>(&letter.message)) {
      // The same block a microsecond later is another block, and as valid.
      consensus::Block other = *proposal->block;
      other.header.time = other.header.time + Microseconds(1);
      const Proposal second = Propose(std::move(other), *proposal);
      other_block_ = second.block->hash;
      if (random().Chance(500)) letter.message = second;
      return {std::move(letter)};
    }
    const auto* vote = std::get_if<Vote>(&letter.message);
    if (vote == nullptr || !random().Chance(500)) return {std::move(letter)};
    const Statement honest = vote->statement;
    const consensus::Position to = letter.to;
    std::vector<Letter> letters{std::move(letter)};
    if (honest.kind == VoteKind::kSkip) {
      letters.push_back({to, Sign(VoteKind::kFinalize, honest, other_block_)});
    } else if (random().Chance(300)) {
      letters.push_back({to, Sign(VoteKind::kSkip, honest, Hash())});
    } else if (!other_block_.IsZero()) {
      letters.front().message = Sign(honest.kind, honest, other_block_);
    }
    return letters;
  }

 private:
  Hash other_block_;  // the second of the two last proposed
};

}  // namespace

std::unique_ptr<Attacker> MakeEquivocator(Attacker::Place place) {
  return std::make_unique<Equivocator>(std::move(place));
}

}  // namespace assent::simulation
