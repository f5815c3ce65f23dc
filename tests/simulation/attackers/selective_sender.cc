// Keeps what it says from some of the others, the same ones for some views on end, and lets the
// rest have all of it.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class SelectiveSender : public Attacker {
 public:
  explicit SelectiveSender(Place place)
      : Attacker(std::move(place)), secret_(random().Next()), views_(1 + random().Below(8)) {}

  std::vector<Letter> Twist(Letter letter) override {
    if (const auto* proposal = std::get_if<consensus::Proposal>(&letter.message)) {
      const BlockHeader& header = proposal->block->header;
      Favour(header.epoch, header.view);
    } else if (const auto* vote = std::get_if<consensus::Vote>(&letter.message)) {
      Favour(vote->statement.epoch, vote->statement.view);
    }
    if ((favoured_ >> letter.to % 64 & 1) == 0) return {};
    return {std::move(letter)};
  }

 private:
  // What is about no view goes to those of the last one.
  void Favour(Epoch epoch, View view) {
    favoured_ = Random(secret_ ^ epoch.value() << 32 ^ view.value() / views_).Next();
  }

  const std::uint64_t secret_;
  const std::uint64_t views_;   // that it favours the same for
  std::uint64_t favoured_ = 0;  // a bit for each position
};

}  // namespace

std::unique_ptr<Attacker> MakeSelectiveSender(Attacker::Place place) {
  return std::make_unique<SelectiveSender>(std::move(place));
}

}  // namespace assent::simulation
