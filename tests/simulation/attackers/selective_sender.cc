// Sends each message to some only.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class SelectiveSender : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    if (random().Chance(500)) return {};
    return {std::move(letter)};
  }
};

}  // namespace

std::unique_ptr<Attacker> MakeSelectiveSender(Attacker::Place place) {
  return std::make_unique<SelectiveSender>(std::move(place));
}

}  // namespace assent::simulation
