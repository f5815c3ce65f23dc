#include "tests/simulation/machine.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace assent::simulation {

Machine::Machine(const Setting& setting, NodeId id, std::size_t parts, Random random)
    : setting_(setting),
      id_(id),
      random_(random),
      skew_(Milliseconds(random_.Between(-1'500, 1'500))),
      disk_(random_.Split()),
      parts_of_disk_(parts) {
  // The node says so, or answers with errors; its operator looks after it when there is time.
  disk_.on_rot_found = [this] {
    setting_.world->Note("finds rot", id_);
    setting_.world->After(Milliseconds(random_.Between(1'000, 30'000)), [this] {
      if (disk_.rot_found()) MendDisk();
      Start();
    });
  };
}

void Machine::Die() {
  setting_.network->NodeDown(id_);
  ++life_;
  awake_us_ = 0;
  at_next_write_ = {};
}

void Machine::Pause(Duration length) {
  if (!up()) return;
  setting_.world->Note("pause", id_, absl::StrCat(length.us));
  awake_us_ = std::max(awake_us_, setting_.world->now_us() + length.us);
}

// --- The disk

void Machine::BreakDisk(DiskFault fault) {
  if (!up() && fault != DiskFault::kFull) return;
  setting_.world->Note("disk breaks", id_, absl::StrCat(static_cast<int>(fault)));
  disk_.Break(fault);
}

void Machine::FreeDisk() {
  setting_.world->Note("room", id_);
  disk_.Free();
}

void Machine::Rot() {
  setting_.world->Note("rot", id_);
  disk_.Rot(parts_of_disk_);
}

void Machine::MendDisk() {
  disk_.Free();
  disk_.Break(DiskFault::kNone);
  if (!disk_.rotten()) return;
  if (up()) Crash();
  Wipe();
}

bool Machine::OpenDisk() {
  if (disk_.rot_found()) Wipe();
  const absl::Status status = disk_.Open();
  if (!status.ok()) StopForDisk(status);
  return status.ok();
}

void Machine::StopForDisk(const absl::Status& why) {
  setting_.world->Note("stops", id_, std::string(StdView(why.message())));
  Die();
  setting_.world->After(Milliseconds(random_.Between(100, 5'000)), [this] { Start(); });
}

Duration Machine::BeginWrite() {
  const Duration delay = WriteDelay(random_);
  if (at_next_write_) Later(Duration{delay.us / 2}, std::exchange(at_next_write_, {}));
  return delay;
}

}  // namespace assent::simulation
