#include "node/replica/checkpoint_book.h"

#include <utility>

namespace assent::replica {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

// Statement and signature of one tree. Evidence is one, which contradicts the ledger, or two.
std::string EvidenceBytes(const SignedTree& tree) {
  std::string out;
  AppendU64(out, tree.height.value());
  AppendU64(out, tree.tree_size);
  out += tree.root.view();
  out += tree.signature.view();
  return out;
}

}  // namespace

CheckpointBook::CheckpointBook(std::string origin, VoterSet voters, MemberCode self,
                               const SigningKey* key, std::optional<CheckpointRecord> published)
    : origin_(std::move(origin)),
      voters_(std::move(voters)),
      self_(std::move(self)),
      key_(key),
      published_(std::move(published)) {}

CheckpointBook::Outcome CheckpointBook::OnFinal(const BlockHeader& block, Time parent_time,
                                                Time wall, std::int64_t monotonic_us) {
  const bool enters_second = block.time.us / kSecondUs != parent_time.us / kSecondUs;
  const bool recent = (wall - block.time).us < kRecentUs;
  if (enters_second && recent) return Sign(block);
  if (!unsigned_) unsigned_since_us_ = monotonic_us;
  unsigned_ = block;
  return {};
}

CheckpointBook::Outcome CheckpointBook::OnClosing(const BlockHeader& block, Time wall) {
  return (wall - block.time).us < kRecentUs ? Sign(block) : Outcome();
}

CheckpointBook::Outcome CheckpointBook::OnTime(std::int64_t monotonic_us) {
  const auto due = deadline_us();
  if (!due || monotonic_us < *due) return {};
  return Sign(*std::exchange(unsigned_, std::nullopt));
}

std::optional<std::int64_t> CheckpointBook::deadline_us() const {
  if (!unsigned_) return std::nullopt;
  return unsigned_since_us_ + kQuietUs;
}

CheckpointBook::Outcome CheckpointBook::Sign(const BlockHeader& block) {
  unsigned_.reset();
  newest_height_ = block.height;
  CheckpointRecord& record = open_[block.height];
  record = {block.height, block.tree_size, block.tree_root, {}};
  while (open_.size() > kTreesMax) open_.erase(open_.begin());

  Outcome outcome;
  if (key_ != nullptr) {
    const Checkpoint checkpoint{origin_, block.tree_size, block.tree_root};
    newest_own_ = SignedTree{block.height, block.tree_size, block.tree_root, self_,
                             SignCheckpoint(checkpoint, *key_)};
    outcome = Count(record, *newest_own_);
    outcome.send = newest_own_;
  }
  for (auto& [voter, trees] : early_) {
    const auto match = trees.find(block.height);
    if (match != trees.end()) {
      Outcome counted = Count(record, match->second);
      if (counted.publish) outcome.publish = std::move(counted.publish);
      if (counted.evidence) outcome.evidence = std::move(counted.evidence);
    }
    trees.erase(trees.begin(), trees.upper_bound(block.height));
  }
  return outcome;
}

CheckpointBook::Outcome CheckpointBook::OnSignature(const SignedTree& tree,
                                                    const std::optional<Hash>& ours) {
  if (!voters_.Find(tree.voter)) return {};
  if (ours && *ours != tree.root) return Contradicts(tree);
  if (published_ && tree.height < published_->height) return {};
  if (published_ && tree.height == published_->height) return Count(*published_, tree);
  const auto open = open_.find(tree.height);
  if (open != open_.end()) return Count(open->second, tree);
  auto& early = early_[tree.voter];
  Outcome outcome;
  for (const auto& [height, before] : early) {
    if (before.tree_size != tree.tree_size || before.root == tree.root) continue;
    outcome = Give(tree, EvidenceBytes(before) + EvidenceBytes(tree));
    break;
  }
  early.insert_or_assign(tree.height, tree);
  while (early.size() > kEarlyPerVoterMax) early.erase(early.begin());
  return outcome;
}

CheckpointBook::Outcome CheckpointBook::Count(CheckpointRecord& record, const SignedTree& tree) {
  Outcome outcome;
  // The height is not signed: of trees of different sizes neither contradicts the other.
  if (tree.tree_size != record.tree_size) return outcome;
  if (tree.root != record.root) return Contradicts(tree);
  if (!record.signatures.emplace(tree.voter, tree.signature).second) return outcome;
  if (record.signatures.size() < voters_.quorum()) return outcome;
  if (published_ && published_->height > record.height) return outcome;
  outcome.publish = record;
  if (!published_ || &record != &*published_) {
    published_ = record;
    open_.erase(open_.begin(), open_.lower_bound(record.height));
  }
  return outcome;
}

// Ours is final: a voter that signed another tree of this size contradicts a quorum.
CheckpointBook::Outcome CheckpointBook::Contradicts(const SignedTree& tree) {
  return Give(tree, EvidenceBytes(tree));
}

CheckpointBook::Outcome CheckpointBook::Give(const SignedTree& tree, std::string evidence) {
  Outcome outcome;
  std::set<std::uint64_t>& given = evidence_given_[tree.voter];
  if (given.size() >= kEvidencePerVoterMax || !given.insert(tree.tree_size).second) return outcome;
  outcome.evidence = {"checkpoint/" + tree.voter.str() + "/" + std::to_string(tree.tree_size),
                      std::move(evidence)};
  return outcome;
}

}  // namespace assent::replica
