// Sends much more than anybody asked for: votes and requests of far views, its messages several
// times, and bytes that say nothing.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class Flooder : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<Letter> Twist(Letter letter) override {
    const consensus::Position to = letter.to;
    const auto* vote = std::get_if<consensus::Vote>(&letter.message);
    if (vote != nullptr) like_ = vote->statement;
    std::vector<Letter> letters{letter, std::move(letter)};
    for (int i = 0; i < kMore; ++i) letters.push_back({to, Noise()});
    return letters;
  }

  std::vector<std::string> Post(const std::string& bytes,
                                const replica::Codec& /*codec*/) override {
    std::vector<std::string> posts{bytes};
    if (!random().Chance(200)) return posts;
    std::string broken = bytes;
    broken[random().Below(broken.size())] ^= static_cast<char>(1 + random().Below(255));
    posts.push_back(std::move(broken));
    posts.push_back(bytes.substr(0, random().Below(bytes.size())));
    posts.emplace_back(random().Below(kGarbageMax), static_cast<char>(random().Below(256)));
    return posts;
  }

 private:
  static constexpr int kMore = 6;
  static constexpr std::uint64_t kGarbageMax = 5'000;

  consensus::Message Noise() {
    const View far(like_.view.value() + random().Below(100));
    Statement at = like_;
    at.view = far;
    Hash block;
    block.data()[0] = static_cast<std::uint8_t>(random().Below(256));
    switch (random().Below(5)) {
      case 0:
        return Sign(VoteKind::kSkip, at, Hash());
      case 1:
        return Sign(VoteKind::kNotarize, at, block);
      case 2:
        return Sign(VoteKind::kFinalize, at, block);
      case 3:
        return consensus::BlockRequest{block};
      default:
        return consensus::CertificateRequest{like_.epoch, View(random().Below(100))};
    }
  }

  Statement like_{VoteKind::kSkip, Epoch(1), View(1), Hash()};
};

}  // namespace

std::unique_ptr<Attacker> MakeFlooder(Attacker::Place place) {
  return std::make_unique<Flooder>(std::move(place));
}

}  // namespace assent::simulation
