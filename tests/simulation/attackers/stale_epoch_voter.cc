// Goes on voting in epochs that are over, and begins in one that has not come: with votes of its
// own that it never cast there, and with what it sent while they ran.
#include <deque>
#include <utility>

#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class StaleEpochVoter : public Attacker {
 public:
  using Attacker::Attacker;

  std::vector<std::string> Post(const std::string& bytes, const replica::Codec& codec) override {
    if (sets_.empty() || sets_.back().first != codec.epoch()) {
      sets_.emplace_back(codec.epoch(), codec.voters());
      if (sets_.size() > kEpochsMax) sets_.pop_front();
    }
    old_.push_back(bytes);
    if (old_.size() > kOldMax) old_.pop_front();
    std::vector<std::string> posts{bytes};
    if (random().Chance(300)) posts.push_back(old_[random().Below(old_.size())]);
    if (random().Chance(200)) posts.push_back(FalseVote(codec));
    return posts;
  }

 private:
  static constexpr std::size_t kOldMax = 2'000;
  static constexpr std::size_t kEpochsMax = 8;

  // In an epoch that it has seen, or in the next one as if its voters were these.
  std::string FalseVote(const replica::Codec& codec) {
    auto [epoch, voters] = sets_[random().Below(sets_.size())];
    if (random().Chance(200)) epoch = codec.epoch().next();
    Statement like{VoteKind::kSkip, epoch, View(1 + random().Below(30)), Hash()};
    const auto kind = static_cast<VoteKind>(random().Between(1, 3));
    Hash block;
    if (kind != VoteKind::kSkip) block.data()[0] = static_cast<std::uint8_t>(random().Below(4));
    consensus::Vote vote = Sign(kind, like, block);
    vote.voter %= voters.size();
    return replica::Codec(epoch, voters).Encode(consensus::Message(vote));
  }

  std::deque<std::string> old_;
  std::deque<std::pair<Epoch, VoterSet>> sets_;
};

}  // namespace

std::unique_ptr<Attacker> MakeStaleEpochVoter(Attacker::Place place) {
  return std::make_unique<StaleEpochVoter>(std::move(place));
}

}  // namespace assent::simulation
