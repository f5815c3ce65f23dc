#include "node/execution/draft.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"

namespace assent::execution {

LayeredState::LayeredState(const StateView* committed, const StateLayer* top) : top_(committed) {
  std::vector<const StateLayer*> layers;
  for (const StateLayer* layer = top; layer != nullptr; layer = layer->below.get()) {
    layers.push_back(layer);
  }
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    top_ = &views_.emplace_back(top_, &(*layer)->writes);
  }
}

Draft::Draft(const StateView* committed, VerifiedEntries* verified, const ExecutedBlock& parent,
             const BlockFrame& frame)
    : verified_(verified),
      parent_(parent),
      frame_(frame),
      base_(committed, parent.layer.get()),
      overlay_(base_.view()),
      frontier_(parent.frontier),
      heads_(parent.heads) {
  if (frame.epoch > EpochAfter(parent.header)) {
    rules::RestartEpoch(parent.header, frame.epoch, overlay_);
  }
  rules::BeginBlock({.height = parent.header.height.next(),
                     .first_index = EntryIndex(parent.header.tree_size),
                     .parent = parent.hash,
                     .parent_time = parent.header.time,
                     .time = frame.time},
                    overlay_);
}

absl::Status Draft::CheckRoom(const Entry& entry) const {
  if (!entry.has_body()) return absl::InvalidArgumentError("it has no body");
  if (closing_) {
    return absl::InvalidArgumentError("an entry that changes the voters is the last of its block");
  }
  if (entries_.size() >= kBlockEntriesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a block has at most ", kBlockEntriesMax, " entries"));
  }
  if (bytes_ + entry.size_bytes() > kBlockBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a block has at most ", kBlockBytesMax, " bytes of leaves and bodies"));
  }
  const auto count = per_author_.find(entry.header().author);
  if (count != per_author_.end() && count->second >= kAuthorEntriesPerBlockMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a block has at most ", kAuthorEntriesPerBlockMax, " entries of one author"));
  }
  return absl::OkStatus();
}

// A key that came into force by an entry before this one can be known only here.
std::optional<rules::Refusal> Draft::CheckSignature(const Entry& entry) const {
  if (verified_ == nullptr || verified_->Contains(entry.leaf_hash())) return std::nullopt;
  const EntryHeader& header = entry.header();
  const auto key = rules::SigningKeyOf(overlay_, header.author, header.authority_key_id);
  if (!key) return std::nullopt;  // the rules say why it is refused
  if (!entry.VerifySignature(*key)) return rules::RefuseBadSignature(header);
  verified_->Insert(entry.leaf_hash());
  return std::nullopt;
}

std::optional<rules::Refusal> Draft::Append(const EntryPtr& entry) {
  if (auto refusal = CheckSignature(*entry)) return refusal;
  const rules::Position position{EntryIndex(frontier_.size()), parent_.header.height.next(),
                                 frame_.time};
  if (auto refusal = rules::Apply(*entry, position, overlay_)) return refusal;
  closing_ = rules::CloseEpochIfVotersChanged(parent_.header, frame_.epoch, overlay_);
  const EntryHeader& header = entry->header();
  frontier_.Append(entry->leaf_hash(), &merkle_nodes_);
  heads_[header.author] = AuthorHead{header.sequence, entry->leaf_hash()};
  bytes_ += entry->size_bytes();
  ++per_author_[header.author];
  salts_.push_back(entry->salt());
  types_.push_back(rules::Describe(*entry).value_or(rules::Description()).type);
  entries_.push_back(entry);
  return std::nullopt;
}

BlockHeader Draft::Claims() const {
  BlockHeader header = parent_.header;  // an empty block keeps its parent's roots
  header.kind = closing_ ? BlockKind::kClosing : BlockKind::kNormal;
  header.epoch = frame_.epoch;
  header.view = frame_.view;
  header.height = parent_.header.height.next();
  header.parent = parent_.hash;
  header.time = frame_.time;
  header.first_index = EntryIndex(parent_.header.tree_size);
  header.state_digest =
      NextStateDigest(parent_.header.state_digest, SaltsHash(salts_), overlay_.writes());
  if (!entries_.empty()) {
    header.tree_size = frontier_.size();
    header.tree_root = frontier_.Root();
    header.author_heads_root = AuthorHeadsRoot(heads_);
  }
  if (rules::TouchesMembership(overlay_.writes())) {
    header.voters_hash = rules::VotersOf(overlay_).hash();
    header.members_hash = MembersHash(rules::MembersOf(overlay_));
  }
  return header;
}

ExecutedPtr Draft::Finish(const BlockHeader& header, std::string header_bytes) && {
  auto block = std::make_shared<ExecutedBlock>();
  block->header = header;
  block->hash = BlockHash(header_bytes);
  block->header_bytes = std::move(header_bytes);
  block->entries = std::move(entries_);
  block->types = std::move(types_);
  block->merkle_nodes = std::move(merkle_nodes_);
  block->frontier = std::move(frontier_);
  block->heads = std::move(heads_);
  block->layer = std::make_shared<StateLayer>(StateLayer{overlay_.TakeWrites(), parent_.layer});
  return block;
}

}  // namespace assent::execution
