// Proposes blocks whose headers lie about the state, the tree, the heads, the voters or the
// members, and votes for its lies.
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class DigestLiar : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<Letter> Twist(Letter letter) override {
    const auto* proposal = std::get_if<consensus::Proposal>(&letter.message);
    if (proposal == nullptr) {
      const auto* vote = std::get_if<consensus::Vote>(&letter.message);
      if (vote != nullptr && vote->statement.block_hash == truth_) {
        letter.message = Sign(vote->statement.kind, vote->statement, lie_);
      }
      return {std::move(letter)};
    }
    if (truth_ != proposal->block->hash) field_ = random().Below(kFields);
    truth_ = proposal->block->hash;
    consensus::Block other = *proposal->block;
    ++Field(other.header).data()[31];
    const consensus::Proposal second = Propose(std::move(other), *proposal);
    lie_ = second.block->hash;
    letter.message = second;
    return {std::move(letter)};
  }

 private:
  static constexpr std::uint64_t kFields = 5;

  Hash& Field(BlockHeader& header) const {
    switch (field_) {
      case 0:
        return header.state_digest;
      case 1:
        return header.tree_root;
      case 2:
        return header.author_heads_root;
      case 3:
        return header.voters_hash;
      default:
        return header.members_hash;
    }
  }

  std::uint64_t field_ = 0;
  Hash truth_;  // its node's last block
  Hash lie_;    // and what it says instead
};

}  // namespace

std::unique_ptr<Attacker> MakeDigestLiar(Attacker::Place place) {
  return std::make_unique<DigestLiar>(std::move(place));
}

}  // namespace assent::simulation
