#include "node/storage/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/rules/past.h"
#include "ledger/rules/record_index.h"
#include "node/storage/follows.h"

namespace assent::storage {

using replica::Batch;
using replica::CheckpointRecord;
using replica::CommittedBlock;
using replica::RestartRecord;
using replica::Tip;

namespace {

// The state, and beside it what follows from it and from the entries: seen by its own keys only.
class StateAndBeside : public StateView {
 public:
  std::optional<std::string> Get(std::string_view key) const override { return Of(key).Get(key); }
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override {
    Of(prefix).Scan(prefix, from, visit);
  }

  MemoryState state;
  MemoryState beside;

 private:
  const MemoryState& Of(std::string_view key) const {
    const bool is_beside =
        key.starts_with(rules::kPastMark) || key.starts_with(rules::kRecordsMark);
    return is_beside ? beside : state;
  }
};

// Everything but the journal, at one tip.
class MemoryView : public replica::ReadView {
 public:
  explicit MemoryView(const rules::Genesis& genesis) {
    tip_.header = genesis.header;
    tip_.header_bytes = EncodeBlockHeader(genesis.header);
    tip_.hash = BlockHash(tip_.header_bytes);
    blocks_.push_back({tip_.header, tip_.header_bytes, "", {}});
    state_.state.Apply(genesis.writes);
    state_.beside.Apply(
        {{std::string(rules::kPastMark), ""}, {std::string(rules::kRecordsMark), ""}});
  }

  void Append(const CommittedBlock& block) {
    RequireFollows(tip_, block);
    tip_ = {block.header, block.header_bytes, block.hash};
    blocks_.push_back({block.header, block.header_bytes, block.certificate, block.tail});
    if (!block.certificate.empty()) certified_.insert(block.header.height);
    if (!block.entries.empty()) heights_[block.header.first_index] = block.header.height;
    for (std::size_t i = 0; i < block.entries.size(); ++i) {
      const EntryIndex index(entries_.size());
      const EntryHeader& header = block.entries[i]->header();
      by_author_[{header.author, header.sequence}] = index;
      by_type_[block.types[i]].insert(index);
      for (std::string& key : rules::RecordKeysFor(*block.entries[i], index)) {
        state_.beside.Apply({{std::move(key), ""}});
      }
      entries_.push_back(block.entries[i]);
    }
    for (const MerkleNode& node : block.merkle_nodes) merkle_[{node.level, node.index}] = node.hash;
    state_.state.Apply(block.state);
    state_.beside.Apply(rules::IndexWritesFor(block.state));
  }
  void SetCheckpoint(const CheckpointRecord& checkpoint) { checkpoint_ = checkpoint; }
  void AddEvidence(const std::string& key, const std::string& value) { evidence_[key] = value; }
  void AddRestart(const RestartRecord& restart) { restarts_[restart.height] = restart; }

  const Tip& tip() const override { return tip_; }
  const StateView& state() const override { return state_; }

  absl::StatusOr<StoredBlock> BlockAt(Height height) const override {
    if (height.value() >= blocks_.size()) {
      return absl::NotFoundError(absl::StrCat("there is no block ", height.value(),
                                              ": the newest is ", blocks_.size() - 1));
    }
    return blocks_[height.value()];
  }

  absl::StatusOr<Height> CertifiedAtOrAfter(Height height) const override {
    const auto found = certified_.lower_bound(height);
    if (found == certified_.end()) {
      return absl::NotFoundError(
          absl::StrCat("no block from ", height.value(), " on has a certificate"));
    }
    return *found;
  }

  absl::StatusOr<EntryPtr> EntryAt(EntryIndex index) const override {
    if (index.value() >= entries_.size()) return NoEntry(index);
    return entries_[index.value()];
  }

  absl::Status ScanEntries(EntryIndex first, EntryIndex end,
                           absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const override {
    const std::uint64_t last = std::min<std::uint64_t>(end.value(), entries_.size());
    for (std::uint64_t i = first.value(); i < last; ++i) {
      if (!visit(EntryIndex(i), entries_[i])) break;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Height> HeightOf(EntryIndex index) const override {
    if (index.value() >= entries_.size()) return NoEntry(index);
    return std::prev(heights_.upper_bound(index))->second;
  }

  Height FirstHeightFrom(Time time) const override {
    const auto found = std::partition_point(
        blocks_.begin(), blocks_.end(), [&](const StoredBlock& b) { return b.header.time < time; });
    return Height(static_cast<std::uint64_t>(found - blocks_.begin()));
  }

  absl::StatusOr<EntryIndex> IndexOf(const MemberCode& author, Sequence sequence) const override {
    const auto found = by_author_.find({author, sequence});
    if (found == by_author_.end()) {
      return absl::NotFoundError(
          absl::StrCat("there is no entry ", author.str(), "/", sequence.value()));
    }
    return found->second;
  }

  absl::Status ScanType(std::string_view type, EntryIndex first,
                        absl::FunctionRef<bool(EntryIndex)> visit) const override {
    const auto indexes = by_type_.find(type);
    if (indexes == by_type_.end()) return absl::OkStatus();
    for (auto it = indexes->second.lower_bound(first); it != indexes->second.end(); ++it) {
      if (!visit(*it)) break;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t level, std::uint64_t index) const override {
    const auto found = merkle_.find({level, index});
    if (found == merkle_.end()) {
      return absl::NotFoundError(
          absl::StrCat("there is no full subtree ", index, " of level ", level));
    }
    return found->second;
  }

  std::optional<CheckpointRecord> PublicCheckpoint() const override { return checkpoint_; }
  absl::StatusOr<std::optional<RestartRecord>> RestartOn(Height height) const override {
    const auto found = restarts_.find(height);
    if (found == restarts_.end()) return std::nullopt;
    return found->second;
  }
  absl::StatusOr<std::optional<RestartRecord>> NewestRestart() const override {
    std::optional<RestartRecord> newest;
    for (const auto& [height, restart] : restarts_) {
      if (!newest || restart.epoch > newest->epoch) newest = restart;
    }
    return newest;
  }

  absl::Status ScanEvidence(
      absl::FunctionRef<bool(std::string_view key, std::string_view value)> visit) const override {
    for (const auto& [key, value] : evidence_) {
      if (!visit(key, value)) break;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status NoEntry(EntryIndex index) const {
    return absl::NotFoundError(absl::StrCat("there is no entry ", index.value(),
                                            ": the ledger has ", entries_.size(), " entries"));
  }

  Tip tip_;
  std::vector<StoredBlock> blocks_;  // by height
  std::set<Height> certified_;
  std::vector<EntryPtr> entries_;         // by index
  std::map<EntryIndex, Height> heights_;  // first index of each block that has entries
  std::map<std::pair<MemberCode, Sequence>, EntryIndex> by_author_;
  std::map<std::string, std::set<EntryIndex>, std::less<>> by_type_;
  std::map<std::pair<std::uint8_t, std::uint64_t>, Hash> merkle_;
  StateAndBeside state_;
  std::optional<CheckpointRecord> checkpoint_;
  std::map<std::string, std::string> evidence_;
  std::map<Height, RestartRecord> restarts_;
};

}  // namespace

struct MemoryStore::Current {
  std::mutex mutex;
  std::shared_ptr<MemoryView> view;  // changed only while nobody holds it
};

// One reader's hold of a view. It ends under the mutex, so that the writer knows how many there
// are.
class MemoryStore::Hold {
 public:
  Hold(std::shared_ptr<Current> current, std::shared_ptr<MemoryView> view)
      : current_(std::move(current)), view_(std::move(view)) {}
  ~Hold() {
    const std::lock_guard lock(current_->mutex);
    view_.reset();
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  const MemoryView* view() const { return view_.get(); }

 private:
  const std::shared_ptr<Current> current_;
  std::shared_ptr<MemoryView> view_;
};

MemoryStore::MemoryStore(const rules::Genesis& genesis, bool founding)
    : current_(std::make_shared<Current>()), restoring_(!founding) {
  current_->view = std::make_shared<MemoryView>(genesis);
}

MemoryStore::~MemoryStore() = default;

absl::Status MemoryStore::Write(const Batch& batch) {
  const std::lock_guard lock(current_->mutex);
  for (const auto& [key, value] : batch.journal) journal_[key] = value;
  if (batch.journal_forget_below) {
    journal_.erase(journal_.begin(), journal_.lower_bound(*batch.journal_forget_below));
  }
  if (batch.restoring) restoring_ = *batch.restoring;
  if (batch.blocks.empty() && !batch.checkpoint && batch.evidence.empty() &&
      batch.restarts.empty()) {
    return absl::OkStatus();
  }

  std::shared_ptr<MemoryView>& view = current_->view;
  if (view.use_count() > 1) view = std::make_shared<MemoryView>(*view);
  for (const CommittedBlock& block : batch.blocks) view->Append(block);
  if (batch.checkpoint) view->SetCheckpoint(*batch.checkpoint);
  for (const auto& [key, value] : batch.evidence) view->AddEvidence(key, value);
  for (const RestartRecord& restart : batch.restarts) view->AddRestart(restart);
  return absl::OkStatus();
}

std::shared_ptr<const replica::ReadView> MemoryStore::Read() const {
  const std::lock_guard lock(current_->mutex);
  const auto hold = std::make_shared<const Hold>(current_, current_->view);
  return {hold, hold->view()};
}

absl::Status MemoryStore::ReadJournal(
    absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const {
  const std::lock_guard lock(current_->mutex);
  for (const auto& [key, value] : journal_) visit(key, value);
  return absl::OkStatus();
}

bool MemoryStore::restoring() const {
  const std::lock_guard lock(current_->mutex);
  return restoring_;
}

}  // namespace assent::storage
