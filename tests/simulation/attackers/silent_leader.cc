// Proposes nothing.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class SilentLeader : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    if (std::holds_alternative<consensus::Proposal>(letter.message)) return {};
    return {std::move(letter)};
  }
};

}  // namespace

std::unique_ptr<Attacker> MakeSilentLeader(Attacker::Place place) {
  return std::make_unique<SilentLeader>(std::move(place));
}

}  // namespace assent::simulation
