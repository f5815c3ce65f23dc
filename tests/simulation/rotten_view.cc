#include "tests/simulation/rotten_view.h"

#include <cstdint>
#include <numeric>

namespace assent::simulation {

void RottenState::Look(std::string_view key) const {
  const auto add = [](std::uint64_t sum, char c) { return sum + static_cast<unsigned char>(c); };
  disk_->FindsRot(Part::kState, std::accumulate(key.begin(), key.end(), std::uint64_t{0}, add));
}

std::optional<std::string> RottenState::Get(std::string_view key) const {
  Look(key);
  return sound_->Get(key);
}

void RottenState::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  sound_->Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    Look(key);
    return visit(key, value);
  });
}

absl::StatusOr<StoredBlock> RottenView::BlockAt(Height height) const {
  if (disk_->FindsRot(Part::kBlocks, height.value())) return Disk::BadChecksum();
  return sound_->BlockAt(height);
}

absl::StatusOr<EntryPtr> RottenView::EntryAt(EntryIndex index) const {
  if (disk_->FindsRot(Part::kEntries, index.value())) return Disk::BadChecksum();
  return sound_->EntryAt(index);
}

absl::Status RottenView::ScanEntries(EntryIndex first, EntryIndex end,
                                     absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const {
  bool rot = false;
  const absl::Status status =
      sound_->ScanEntries(first, end, [&](EntryIndex index, EntryPtr entry) {
        rot = disk_->FindsRot(Part::kEntries, index.value());
        return !rot && visit(index, std::move(entry));
      });
  return rot ? Disk::BadChecksum() : status;
}

}  // namespace assent::simulation
