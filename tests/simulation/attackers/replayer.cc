// Sends old messages again: its own, and what it has heard from others.
#include <deque>

#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class Replayer : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<Letter> Twist(Letter letter) override {
    Remember(letter.message);
    std::vector<Letter> letters{std::move(letter)};
    if (random().Chance(300)) letters.push_back(Old());
    return letters;
  }

  std::vector<Letter> Hear(consensus::Position /*from*/,
                           const consensus::Message& message) override {
    if (!random().Chance(100)) return {};
    Remember(message);
    return {Old()};
  }

  void NewEpoch() override { old_.clear(); }

 private:
  static constexpr std::size_t kOldMax = 200;

  void Remember(const consensus::Message& message) {
    old_.push_back(message);
    if (old_.size() > kOldMax) old_.pop_front();
  }
  Letter Old() { return {Another(), old_[random().Below(old_.size())]}; }

  std::deque<consensus::Message> old_;
};

}  // namespace

std::unique_ptr<Attacker> MakeReplayer(Attacker::Place place) {
  return std::make_unique<Replayer>(std::move(place));
}

}  // namespace assent::simulation
