#include "node/consensus/block_tree.h"

#include <algorithm>
#include <set>
#include <utility>

namespace assent::consensus {

std::size_t SizeBytes(const Block& block) {
  std::size_t bytes = 0;
  for (const EntryPtr& entry : block.entries) bytes += entry->size_bytes();
  return bytes;
}

HeldBlock& BlockTree::Hold(BlockPtr block) {
  const Hash hash = block->hash;
  HeldBlock held;
  held.block = std::move(block);
  return blocks_.try_emplace(hash, std::move(held)).first->second;
}

HeldBlock* BlockTree::Find(const Hash& hash) {
  const auto found = blocks_.find(hash);
  return found == blocks_.end() ? nullptr : &found->second;
}

const HeldBlock* BlockTree::Find(const Hash& hash) const {
  const auto found = blocks_.find(hash);
  return found == blocks_.end() ? nullptr : &found->second;
}

BlockPtr BlockTree::Body(const Hash& hash) const {
  if (const HeldBlock* held = Find(hash)) return held->block;
  const auto found = std::ranges::find(recent_, hash, [](const BlockPtr& b) { return b->hash; });
  return found == recent_.end() ? nullptr : *found;
}

const BlockHeader* BlockTree::ReadyHeader(const Hash& hash) const {
  if (hash == root_.hash) return &root_.header;
  const HeldBlock* held = Find(hash);
  return held != nullptr && held->validity == Validity::kValid ? &held->block->header : nullptr;
}

std::string BlockTree::Misfit(const BlockHeader& parent, const BlockHeader& header) const {
  if (header.view <= ViewOf(parent)) return "its view is not after its parent's";
  if (Closes(parent)) {
    const bool tail = IsTailOf(parent, header.parent, header);
    return tail ? "" : "it is no copy of the closing block, and nothing else may follow that";
  }
  if (header.kind == BlockKind::kTail) return "it is a TAIL block, and its parent closes no epoch";
  if (header.height != parent.height.next()) return "its height does not follow its parent's";
  if (header.time <= parent.time) return "its time is not after its parent's";
  return "";
}

BlockTree::Path BlockTree::PathTo(const Hash& hash) const {
  Path path;
  Hash at = hash;
  while (at != root_.hash) {
    const HeldBlock* held = Find(at);
    if (held == nullptr) {
      path.missing = at;
      break;
    }
    path.hashes.push_back(at);
    const BlockHeader& header = held->block->header;
    at = header.parent;
    path.missing_height = header.height;
    if (header.kind == BlockKind::kTail) continue;  // of its parent's height
    if (header.height <= root_.header.height.next() && at != root_.hash) {
      path.forks = true;
      break;
    }
    path.missing_height = Height(header.height.value() - 1);
  }
  std::ranges::reverse(path.hashes);
  return path;
}

std::vector<Hash> BlockTree::Advance(FinalTip root) {
  const Path path = PathTo(root.hash);
  if (!path.missing && !path.forks) {
    for (const Hash& hash : path.hashes) KeepRecent(Find(hash)->block);
  }
  std::set<Hash> kept(path.hashes.begin(), path.hashes.end());
  root_ = std::move(root);
  std::vector<Hash> dropped;
  std::set<Hash> gone;
  const auto drop_if = [&](auto&& condition) {
    return std::erase_if(blocks_, [&](const auto& item) {
      if (!condition(item.second.block->header)) return false;
      if (!kept.contains(item.first)) {
        dropped.push_back(item.first);
        gone.insert(item.first);
      }
      return true;
    });
  };
  drop_if([&](const BlockHeader& header) { return header.view <= root_view(); });
  while (drop_if([&](const BlockHeader& header) { return gone.contains(header.parent); }) > 0) {
  }
  return dropped;
}

void BlockTree::KeepRecent(BlockPtr block) {
  recent_bytes_ += SizeBytes(*block);
  recent_.push_back(std::move(block));
  while (recent_.size() > kRecentFinalMax ||
         (recent_bytes_ > kRecentFinalBytesMax && recent_.size() > 1)) {
    recent_bytes_ -= SizeBytes(*recent_.front());
    recent_.pop_front();
  }
}

}  // namespace assent::consensus
