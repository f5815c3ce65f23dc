// Serves ranges of blocks that are wrong, and greets as if it were far ahead so that it is asked
// for them.
#include <algorithm>

#include "assent/v1/block.pb.h"
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class BadServer : public Attacker {
 public:
  using Attacker::Attacker;

  void Garble(replica::PeerMessage& message) override {
    auto* hello = std::get_if<replica::Hello>(&message);
    if (hello == nullptr) return;
    hello->final_height = Height(hello->final_height.value() + random().Below(1'000));
  }

  void Serve(std::vector<std::string>& blocks) override {
    if (blocks.empty()) return;
    std::string& one = blocks[random().Below(blocks.size())];
    v1::FinalBlock block;
    switch (random().Below(8)) {
      case 0:  // as it is
        break;
      case 1:
        one[random().Below(one.size())] ^= static_cast<char>(1 + random().Below(255));
        break;
      case 2:
        blocks.pop_back();
        break;
      case 3:
        std::ranges::reverse(blocks);
        break;
      case 4:
        blocks.clear();
        break;
      case 5:  // a certificate that is another's
        block.ParseFromString(one);
        block.set_certificate(certificate_);
        one = block.SerializeAsString();
        break;
      case 6:
        block.ParseFromString(one);
        block.clear_entries();
        one = block.SerializeAsString();
        break;
      default:
        block.ParseFromString(one);
        block.clear_tail();
        block.clear_certificate();
        one = block.SerializeAsString();
        break;
    }
    for (const std::string& bytes : blocks) {
      v1::FinalBlock seen;
      if (seen.ParseFromString(bytes) && !seen.certificate().empty()) {
        certificate_ = seen.certificate();
      }
    }
  }

 private:
  std::string certificate_;
};

}  // namespace

std::unique_ptr<Attacker> MakeBadServer(Attacker::Place place) {
  return std::make_unique<BadServer>(std::move(place));
}

}  // namespace assent::simulation
