// Proposes on a block that others have left behind.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class Forker : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    const auto* proposal = std::get_if<consensus::Proposal>(&letter.message);
    if (proposal == nullptr) return {std::move(letter)};
    if (place().fork) {
      std::optional<consensus::Block> other = place().fork(*proposal->block);
      if (other) letter.message = Propose(*std::move(other), *proposal);
      return {std::move(letter)};
    }
    // Without a valid one: a block that claims another parent.
    consensus::Block other = *proposal->block;
    if (!left_.IsZero() && random().Chance(500)) other.header.parent = left_;
    left_ = proposal->block->header.parent;
    letter.message = Propose(std::move(other), *proposal);
    return {std::move(letter)};
  }

 private:
  Hash left_;
};

}  // namespace

std::unique_ptr<Attacker> MakeForker(Attacker::Place place) {
  return std::make_unique<Forker>(std::move(place));
}

}  // namespace assent::simulation
