// Keeps most of its votes to itself, and from whom restores what it has of theirs.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class VoteWithholder : public Attacker {
 public:
  using Attacker::Attacker;
  std::vector<Letter> Twist(Letter letter) override {
    if (std::holds_alternative<consensus::Vote>(letter.message) && random().Chance(800)) return {};
    auto* answer = std::get_if<consensus::RestoreResponse>(&letter.message);
    if (answer != nullptr && random().Chance(800)) {
      *answer = {answer->nonce, answer->epoch, View(1), nullptr, {}};
    }
    return {std::move(letter)};
  }
};

}  // namespace

std::unique_ptr<Attacker> MakeVoteWithholder(Attacker::Place place) {
  return std::make_unique<VoteWithholder>(std::move(place));
}

}  // namespace assent::simulation
