// What a node reads of a disk that is rotten in places, as node/storage/rocks_view.h reads a
// database whose checksums do not match there: blocks and entries are errors. Where the state is
// rotten the real process ends, which none of this can; so it is told what is true, and writes no
// more.
#ifndef ASSENT_TESTS_SIMULATION_ROTTEN_VIEW_H_
#define ASSENT_TESTS_SIMULATION_ROTTEN_VIEW_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "node/replica/store.h"
#include "tests/simulation/disk.h"

namespace assent::simulation {

class RottenState : public StateView {
 public:
  RottenState(const StateView* sound, Disk* disk) : sound_(sound), disk_(disk) {}
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

 private:
  void Look(std::string_view key) const;

  const StateView* const sound_;
  Disk* const disk_;
};

class RottenView : public replica::ReadView {
 public:
  // `disk` outlives it.
  RottenView(std::shared_ptr<const replica::ReadView> sound, Disk* disk)
      : sound_(std::move(sound)), disk_(disk), state_(&sound_->state(), disk) {}

  const replica::Tip& tip() const override { return sound_->tip(); }
  const StateView& state() const override { return state_; }
  absl::StatusOr<StoredBlock> BlockAt(Height height) const override;
  absl::StatusOr<EntryPtr> EntryAt(EntryIndex index) const override;
  absl::Status ScanEntries(EntryIndex first, EntryIndex end,
                           absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const override;

  // Indexes and what else is small stay good.
  absl::StatusOr<Height> CertifiedAtOrAfter(Height height) const override {
    return sound_->CertifiedAtOrAfter(height);
  }
  absl::StatusOr<Height> HeightOf(EntryIndex index) const override {
    return sound_->HeightOf(index);
  }
  Height FirstHeightFrom(Time time) const override { return sound_->FirstHeightFrom(time); }
  absl::StatusOr<EntryIndex> IndexOf(const MemberCode& author, Sequence sequence) const override {
    return sound_->IndexOf(author, sequence);
  }
  absl::Status ScanType(std::string_view type, EntryIndex first,
                        absl::FunctionRef<bool(EntryIndex)> visit) const override {
    return sound_->ScanType(type, first, visit);
  }
  absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t level, std::uint64_t index) const override {
    return sound_->MerkleNodeAt(level, index);
  }
  std::optional<replica::CheckpointRecord> PublicCheckpoint() const override {
    return sound_->PublicCheckpoint();
  }
  absl::StatusOr<std::optional<replica::RestartRecord>> RestartOn(Height height) const override {
    return sound_->RestartOn(height);
  }
  absl::StatusOr<std::optional<replica::RestartRecord>> NewestRestart() const override {
    return sound_->NewestRestart();
  }
  absl::Status ScanEvidence(
      absl::FunctionRef<bool(std::string_view key, std::string_view value)> visit) const override {
    return sound_->ScanEvidence(visit);
  }

 private:
  const std::shared_ptr<const replica::ReadView> sound_;
  Disk* const disk_;
  const RottenState state_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_ROTTEN_VIEW_H_
