// The blocks under way: a tree whose root is the newest final block.
#ifndef ASSENT_NODE_CONSENSUS_BLOCK_TREE_H_
#define ASSENT_NODE_CONSENSUS_BLOCK_TREE_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/config.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// Final blocks kept to answer those that just missed one.
inline constexpr std::size_t kRecentFinalMax = 16;
inline constexpr std::size_t kRecentFinalBytesMax = 8 * 1024 * 1024;

enum class Validity {
  kUnknown,
  kAsked,  // a ValidateRequest is out
  kValid,
  kInvalid,
};

struct HeldBlock {
  BlockPtr block;
  Validity validity = Validity::kUnknown;
  std::string reason;      // why it is invalid
  bool journaled = false;  // its whole block is in the journal
};

// Not every held block descends from the root by held blocks.
class BlockTree {
 public:
  BlockTree(Epoch epoch, FinalTip root) : epoch_(epoch), root_(std::move(root)) {}

  const FinalTip& root() const { return root_; }
  // The root's view in this epoch: 0 when the epoch starts on it.
  View root_view() const { return ViewOf(root_.header); }

  // Adds a block whose hash is not held yet.
  HeldBlock& Hold(BlockPtr block);
  // Null when it is not held; the root is not held either.
  HeldBlock* Find(const Hash& hash);
  const HeldBlock* Find(const Hash& hash) const;
  // A held or recently final block; null when there is none.
  BlockPtr Body(const Hash& hash) const;
  const std::map<Hash, HeldBlock>& blocks() const { return blocks_; }
  void Drop(const Hash& hash) { blocks_.erase(hash); }

  // Header of a block on which others can be built: the root or a valid block. Null when it is
  // neither.
  const BlockHeader* ReadyHeader(const Hash& hash) const;
  // The view in this epoch of a block.
  View ViewOf(const BlockHeader& header) const {
    return header.epoch == epoch_ ? header.view : View(0);
  }
  // Is this block the last of this epoch, or a TAIL block?
  bool Closes(const BlockHeader& header) const {
    return header.epoch == epoch_ && header.kind != BlockKind::kNormal;
  }
  // The root closes this epoch: nothing more becomes final in it.
  bool over() const { return Closes(root_.header); }
  // What the parent alone shows to be wrong with a block; empty when nothing is.
  std::string Misfit(const BlockHeader& parent, const BlockHeader& header) const;

  // The way from the root to a block, the root not counted.
  struct Path {
    std::vector<Hash> hashes;     // in height order, as far down from the block as blocks are held
    std::optional<Hash> missing;  // the parent where the way breaks off
    Height missing_height;        // its height, if a held child tells; else 0
    bool forks = false;           // the way leads to another block at the root's height
  };
  Path PathTo(const Hash& hash) const;

  // Makes a descendant of the root, or a block from outside, the root. Returns what was dropped:
  // held blocks of views up to the root's, and those that are built on dropped ones. Blocks that
  // became final are kept for a while and not in the result.
  std::vector<Hash> Advance(FinalTip root);

 private:
  void KeepRecent(BlockPtr block);

  Epoch epoch_;
  FinalTip root_;
  std::map<Hash, HeldBlock> blocks_;
  std::deque<BlockPtr> recent_;
  std::size_t recent_bytes_ = 0;
};

// Leaves and bodies of a block's entries.
std::size_t SizeBytes(const Block& block);

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_BLOCK_TREE_H_
