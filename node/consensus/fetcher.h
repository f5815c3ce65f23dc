// Missing blocks: whom to ask for which, and when again.
#ifndef ASSENT_NODE_CONSENSUS_FETCHER_H_
#define ASSENT_NODE_CONSENSUS_FETCHER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "node/consensus/config.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// Blocks that are asked for at the same time; others wait.
inline constexpr std::size_t kFetchesMax = 16;

class Fetcher {
 public:
  // Asks first after `first`, then after twice as long each time, up to `max`.
  Fetcher(Duration first, Duration max, std::optional<Position> self)
      : first_(first), max_(max), self_(self) {}

  // A block is missing that these voters hold. Does nothing when it is wanted already, or too many
  // are.
  void Want(const Hash& hash, View view, const Certificate& voters, Instant now);
  // Is the block missing, and may it come from this voter: from one that was asked for it?
  bool Expects(const Hash& hash, Position from) const;
  // It came. Nothing is asked until it turns out to be right (Drop) or wrong (WasWrong).
  void Arrived(const Hash& hash, Position from);
  // What came were other entries than the header's: its sender is not asked for it again, and the
  // next holder at once.
  void WasWrong(const Hash& hash, Instant now);
  // How often a block has been asked for.
  int Attempts(const Hash& hash) const;
  void Drop(const Hash& hash) { wanted_.erase(hash); }
  // Drops what is wanted of views up to `view`.
  void DropUpTo(View view);

  // Whom to ask now, preferring voters that are `up`. Counts as asked.
  std::vector<std::pair<Position, Hash>> Due(Instant now, const std::set<Position>& up);
  std::optional<Instant> Next() const;

 private:
  struct Wanted {
    View view;
    std::vector<Position> holders;  // who is asked, in turns; never empty
    std::size_t next_holder = 0;
    std::set<Position> asked;
    std::optional<Position> sender;  // of what is held and not found right yet
    int attempts = 0;
    Instant at;
    Duration wait;
  };

  Duration first_;
  Duration max_;
  std::optional<Position> self_;
  std::map<Hash, Wanted> wanted_;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_FETCHER_H_
