// Sends good headers, its own and others', with entries that are not theirs.
#include <set>

#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

using consensus::BlockPtr;
using consensus::BlockResponse;
using consensus::Proposal;

class BodySwapper : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<Letter> Twist(Letter letter) override {
    if (random().Chance(500)) return {std::move(letter)};
    if (auto* proposal = std::get_if<Proposal>(&letter.message)) {
      proposal->block = Swap(*proposal->block);
    } else if (auto* answer = std::get_if<BlockResponse>(&letter.message)) {
      answer->block = Swap(*answer->block);
    }
    return {std::move(letter)};
  }

  std::vector<Letter> Hear(consensus::Position from, const consensus::Message& message) override {
    const auto* proposal = std::get_if<Proposal>(&message);
    if (proposal == nullptr) return {};
    // Once for each block: else two of this kind go on for ever with what they hear from each
    // other.
    if (!swapped_.insert(proposal->block->hash).second) return {};
    const BlockPtr swapped = Swap(*proposal->block);
    std::vector<Letter> letters;
    for (consensus::Position to = 0; to < place().voters(); ++to) {
      if (to == place().self() || to == from) continue;
      letters.push_back({to, Proposal{swapped, proposal->justification}});
      letters.push_back({to, BlockResponse{swapped}});
    }
    return letters;
  }

 private:
  // As many entries, but others.
  BlockPtr Swap(const consensus::Block& block) {
    consensus::Block other = block;
    for (EntryPtr& entry : other.entries) {
      if (!entries_.empty()) entry = entries_[random().Below(entries_.size())];
    }
    entries_ = block.entries;
    return std::make_shared<const consensus::Block>(std::move(other));
  }

  std::set<Hash> swapped_;
  std::vector<EntryPtr> entries_;  // of the last block that was swapped
};

}  // namespace

std::unique_ptr<Attacker> MakeBodySwapper(Attacker::Place place) {
  return std::make_unique<BodySwapper>(std::move(place));
}

}  // namespace assent::simulation
