// Keeps most of its votes to itself.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class VoteWithholder : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    if (std::holds_alternative<consensus::Vote>(letter.message) && random().Chance(800)) return {};
    return {std::move(letter)};
  }
};

}  // namespace

std::unique_ptr<Attacker> MakeVoteWithholder(Attacker::Place place) {
  return std::make_unique<VoteWithholder>(std::move(place));
}

}  // namespace assent::simulation
