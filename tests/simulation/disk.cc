#include "tests/simulation/disk.h"

#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace assent::simulation {
namespace {

constexpr int kRoomPermille = 300;
// In all that a disk says, and in nothing that a node says by itself.
constexpr const char* kVoice = "simulated disk: ";

absl::Status Says(const char* what) { return absl::UnavailableError(absl::StrCat(kVoice, what)); }

}  // namespace

absl::Status Disk::BadChecksum() {
  return absl::DataLossError(absl::StrCat(kVoice, "a checksum does not match"));
}

bool Disk::Said(const absl::Status& status) { return absl::StrContains(status.message(), kVoice); }

void Disk::Break(DiskFault fault) {
  if (fault == DiskFault::kFull) {
    full_ = true;
  } else {
    fault_ = fault;
  }
}

void Disk::Rot(std::size_t parts) {
  if (rot_) return;
  rot_ = {static_cast<Part>(random_.Below(parts)), random_.Below(kPlaces)};
}

void Disk::Replace() {
  fault_ = DiskFault::kNone;
  full_ = false;
  rot_.reset();
  rot_found_ = false;
}

absl::Status Disk::Open() {
  fault_ = DiskFault::kNone;
  if (full_ && !random_.Chance(kRoomPermille)) return Says("no room is left");
  return absl::OkStatus();
}

absl::Status Disk::Write(absl::FunctionRef<void()> write) {
  const bool room = !full_ || random_.Chance(kRoomPermille);
  if (fault_ != DiskFault::kFailsUnwritten && room) {
    write();
    if (fault_ == DiskFault::kNone) return absl::OkStatus();
  }
  fault_ = DiskFault::kFailsUnwritten;
  return rot_found_ ? BadChecksum() : Says(room ? "a write fails" : "no room is left");
}

bool Disk::FindsRot(Part part, std::optional<std::uint64_t> place) {
  if (!rotten(part) || (place && *place % kPlaces != rot_->place)) return false;
  if (part == Part::kState) fault_ = DiskFault::kFailsUnwritten;
  if (!rot_found_) {
    rot_found_ = true;
    on_rot_found();
  }
  return true;
}

}  // namespace assent::simulation
