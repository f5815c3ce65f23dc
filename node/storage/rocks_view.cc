#include "node/storage/rocks_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/rules/past.h"
#include "ledger/rules/record_index.h"
#include "node/storage/keys.h"

namespace assent::storage {

using replica::CheckpointRecord;
using replica::RestartRecord;

namespace {

absl::Status Missing(std::string_view what, std::uint64_t number) {
  return absl::DataLossError(
      absl::StrCat("the database is damaged: ", AbslView(what), " ", number, " is missing"));
}

absl::Status Damaged(std::string_view what, std::uint64_t number, const absl::Status& why) {
  return absl::DataLossError(
      absl::StrCat("the database is damaged: ", AbslView(what), " ", number, ": ", why.message()));
}

// Where a key of the state, or of what is kept beside it, stands.
Family FamilyOf(std::string_view key) {
  const bool derived = key.starts_with(rules::kPastMark) || key.starts_with(rules::kRecordsMark);
  return derived ? Family::kDerived : Family::kState;
}

}  // namespace

std::optional<std::string> RocksState::Get(std::string_view key) const {
  absl::StatusOr<std::optional<std::string>> value = database_->Get(FamilyOf(key), key, snapshot_);
  if (!value.ok()) database_->Die(value.status());
  return *std::move(value);
}

void RocksState::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  Range range(*database_, FamilyOf(prefix), std::max(prefix, from), PrefixEnd(prefix), snapshot_);
  for (; range.Valid(); range.Next()) {
    if (!visit(range.key(), range.value())) return;
  }
  if (const absl::Status status = range.status(); !status.ok()) database_->Die(status);
}

RocksView::RocksView(std::shared_ptr<const Database> database, replica::Tip tip)
    : database_(std::move(database)),
      snapshot_(database_->db().GetSnapshot()),
      tip_(std::move(tip)),
      state_(database_.get(), snapshot_) {}

RocksView::~RocksView() { database_->db().ReleaseSnapshot(snapshot_); }

absl::StatusOr<StoredBlock> RocksView::BlockAt(Height height) const {
  if (height > tip_.header.height) {
    return absl::NotFoundError(absl::StrCat("there is no block ", height.value(),
                                            ": the newest is ", tip_.header.height.value()));
  }
  const auto value = Get(Family::kBlocks, NumberKey(height.value()));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return database_->Told(Missing("block", height.value()));
  absl::StatusOr<StoredBlock> block = DecodeBlock(**value);
  if (!block.ok()) return database_->Told(Damaged("block", height.value(), block.status()));
  return block;
}

absl::StatusOr<Height> RocksView::CertifiedAtOrAfter(Height height) const {
  const Range range(*database_, Family::kIndexes, CertifiedKey(height), PrefixEnd("c"), snapshot_);
  if (!range.Valid()) {
    if (const absl::Status status = range.status(); !status.ok()) return status;
    return absl::NotFoundError(
        absl::StrCat("no block from ", height.value(), " on has a certificate"));
  }
  const std::optional<std::uint64_t> found = ParseNumber(range.key().substr(1));
  if (!found)
    return database_->Told(
        absl::DataLossError("the database is damaged: the index of certificates"));
  return Height(*found);
}

absl::Status RocksView::CheckExists(EntryIndex index) const {
  const std::uint64_t size = tip_.header.tree_size;
  if (index.value() < size) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("there is no entry ", index.value(), ": the ledger has ", size, " entries"));
}

absl::StatusOr<EntryPtr> RocksView::EntryAt(EntryIndex index) const {
  if (absl::Status status = CheckExists(index); !status.ok()) return status;
  const auto value = Get(Family::kEntries, NumberKey(index.value()));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return database_->Told(Missing("entry", index.value()));
  absl::StatusOr<EntryPtr> entry = DecodeEntry(**value);
  if (!entry.ok()) return database_->Told(Damaged("entry", index.value(), entry.status()));
  return entry;
}

absl::Status RocksView::ScanEntries(EntryIndex first, EntryIndex end,
                                    absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const {
  const std::uint64_t last = std::min(end.value(), tip_.header.tree_size);
  std::uint64_t expected = first.value();
  if (expected >= last) return absl::OkStatus();
  Range range(*database_, Family::kEntries, NumberKey(expected), NumberKey(last), snapshot_);
  for (; range.Valid(); range.Next(), ++expected) {
    if (range.key() != NumberKey(expected)) break;
    absl::StatusOr<EntryPtr> entry = DecodeEntry(range.value());
    if (!entry.ok()) return database_->Told(Damaged("entry", expected, entry.status()));
    if (!visit(EntryIndex(expected), *std::move(entry))) return absl::OkStatus();
  }
  if (absl::Status status = range.status(); !status.ok()) return status;
  return expected == last ? absl::OkStatus() : database_->Told(Missing("entry", expected));
}

absl::StatusOr<Height> RocksView::HeightOf(EntryIndex index) const {
  if (const absl::Status status = CheckExists(index); !status.ok()) return status;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database_->db().NewIterator(options, database_->handle(Family::kIndexes)));
  iterator->SeekForPrev(ToSlice(HeightKey(index)));
  if (!iterator->status().ok()) {
    return database_->Told(ToStatus(iterator->status(), "cannot read the database"));
  }
  if (!iterator->Valid() || !iterator->key().starts_with("h")) {
    return database_->Told(Missing("the height of entry", index.value()));
  }
  const std::optional<std::uint64_t> height = ParseNumber(ToView(iterator->value()));
  if (!height) return database_->Told(Missing("the height of entry", index.value()));
  return Height(*height);
}

Height RocksView::FirstHeightFrom(Time time) const {
  if (tip_.header.time < time) return tip_.header.height.next();
  // The answer is in [low, high]: block times grow with height.
  std::uint64_t low = 0;
  std::uint64_t high = tip_.header.height.value();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<StoredBlock> block = BlockAt(Height(middle));
    if (!block.ok()) database_->Die(block.status());
    if (block->header.time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Height(low);
}

absl::StatusOr<EntryIndex> RocksView::IndexOf(const MemberCode& author, Sequence sequence) const {
  const auto value = Get(Family::kIndexes, AuthorKey(author, sequence));
  if (!value.ok()) return value.status();
  if (!value->has_value()) {
    return absl::NotFoundError(
        absl::StrCat("there is no entry ", author.str(), "/", sequence.value()));
  }
  const std::optional<std::uint64_t> index = ParseNumber(**value);
  if (!index) return database_->Told(Missing("the index of sequence", sequence.value()));
  return EntryIndex(*index);
}

absl::Status RocksView::ScanType(std::string_view type, EntryIndex first,
                                 absl::FunctionRef<bool(EntryIndex)> visit) const {
  const std::string prefix = TypePrefix(type);
  Range range(*database_, Family::kIndexes, TypeKey(type, first), PrefixEnd(prefix), snapshot_);
  for (; range.Valid(); range.Next()) {
    const std::optional<std::uint64_t> index = ParseNumber(range.key().substr(prefix.size()));
    if (!index)
      return database_->Told(absl::DataLossError("the database is damaged: the index of types"));
    if (!visit(EntryIndex(*index))) return absl::OkStatus();
  }
  return range.status();
}

absl::StatusOr<Hash> RocksView::MerkleNodeAt(std::uint8_t level, std::uint64_t index) const {
  const auto value = Get(Family::kMerkle, MerkleKey(level, index));
  if (!value.ok()) return value.status();
  if (!value->has_value()) {
    return absl::NotFoundError(
        absl::StrCat("there is no full subtree ", index, " of level ", level));
  }
  const std::optional<Hash> hash = Hash::From(**value);
  if (!hash) return database_->Told(Missing("a whole hash of subtree", index));
  return *hash;
}

std::optional<CheckpointRecord> RocksView::PublicCheckpoint() const {
  const auto value = Get(Family::kMetadata, kCheckpointKey);
  if (!value.ok()) database_->Die(value.status());
  if (!value->has_value()) return std::nullopt;
  absl::StatusOr<CheckpointRecord> checkpoint = DecodeCheckpoint(**value);
  if (!checkpoint.ok()) database_->Die(checkpoint.status());
  return *std::move(checkpoint);
}

absl::StatusOr<std::optional<RestartRecord>> RocksView::RestartOn(Height height) const {
  const auto value = Get(Family::kMetadata, RestartKey(height));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::nullopt;
  absl::StatusOr<RestartRecord> restart = DecodeRestart(**value);
  if (!restart.ok()) return Damaged("the act on block", height.value(), restart.status());
  return *std::move(restart);
}

// There are as many as the members ever had to make.
absl::StatusOr<std::optional<RestartRecord>> RocksView::NewestRestart() const {
  Range range(*database_, Family::kMetadata, kRestartPrefix, PrefixEnd(kRestartPrefix), snapshot_);
  std::optional<RestartRecord> newest;
  for (; range.Valid(); range.Next()) {
    absl::StatusOr<RestartRecord> restart = DecodeRestart(range.value());
    if (!restart.ok()) return restart.status();
    if (!newest || restart->epoch > newest->epoch) newest = *std::move(restart);
  }
  if (const absl::Status status = range.status(); !status.ok()) return status;
  return newest;
}

absl::Status RocksView::ScanEvidence(
    absl::FunctionRef<bool(std::string_view key, std::string_view value)> visit) const {
  Range range(*database_, Family::kMetadata, kEvidencePrefix, PrefixEnd(kEvidencePrefix),
              snapshot_);
  for (; range.Valid(); range.Next()) {
    if (!visit(range.key().substr(kEvidencePrefix.size()), range.value())) {
      return absl::OkStatus();
    }
  }
  return range.status();
}

}  // namespace assent::storage
