// One key on two machines (Bano et al., Twins: BFT Systems Made Robust, OPODIS 2021): each follows
// the protocol by itself, and together they contradict themselves. Nothing has to be done to their
// messages; the second machine is the stage's business.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {

std::unique_ptr<Attacker> MakeTwin(Attacker::Place place) {
  return std::make_unique<Attacker>(std::move(place));
}

}  // namespace assent::simulation
