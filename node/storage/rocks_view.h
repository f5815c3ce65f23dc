// What was final at one moment, read from a snapshot of RocksDB.
#ifndef ASSENT_NODE_STORAGE_ROCKS_VIEW_H_
#define ASSENT_NODE_STORAGE_ROCKS_VIEW_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/rules/state.h"
#include "node/replica/store.h"
#include "node/storage/database.h"

namespace assent::storage {

// State at a snapshot, and what stands beside it. What cannot be read ends the process
// (Database::Die).
class RocksState : public StateView {
 public:
  RocksState(const Database* database, const rocksdb::Snapshot* snapshot)
      : database_(database), snapshot_(snapshot) {}
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

 private:
  const Database* const database_;
  const rocksdb::Snapshot* const snapshot_;
};

// Keeps the database open and the snapshot alive. Any thread. FirstHeightFrom and PublicCheckpoint,
// which have no error to return, end the process when they cannot read.
class RocksView : public replica::ReadView {
 public:
  // `tip` is the newest block in the database as it is now.
  RocksView(std::shared_ptr<const Database> database, replica::Tip tip);
  ~RocksView() override;
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  const replica::Tip& tip() const override { return tip_; }
  const StateView& state() const override { return state_; }
  absl::StatusOr<StoredBlock> BlockAt(Height height) const override;
  absl::StatusOr<Height> CertifiedAtOrAfter(Height height) const override;
  absl::StatusOr<EntryPtr> EntryAt(EntryIndex index) const override;
  absl::Status ScanEntries(EntryIndex first, EntryIndex end,
                           absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const override;
  absl::StatusOr<Height> HeightOf(EntryIndex index) const override;
  Height FirstHeightFrom(Time time) const override;
  absl::StatusOr<EntryIndex> IndexOf(const MemberCode& author, Sequence sequence) const override;
  absl::Status ScanType(std::string_view type, EntryIndex first,
                        absl::FunctionRef<bool(EntryIndex)> visit) const override;
  absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t level, std::uint64_t index) const override;
  std::optional<replica::CheckpointRecord> PublicCheckpoint() const override;
  absl::StatusOr<std::optional<replica::RestartRecord>> RestartOn(Height height) const override;
  absl::StatusOr<std::optional<replica::RestartRecord>> NewestRestart() const override;
  absl::Status ScanEvidence(
      absl::FunctionRef<bool(std::string_view key, std::string_view value)> visit) const override;

 private:
  absl::Status CheckExists(EntryIndex index) const;
  absl::StatusOr<std::optional<std::string>> Get(Family family, std::string_view key) const {
    return database_->Get(family, key, snapshot_);
  }

  const std::shared_ptr<const Database> database_;
  const rocksdb::Snapshot* const snapshot_;
  const replica::Tip tip_;
  const RocksState state_;
};

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_ROCKS_VIEW_H_
