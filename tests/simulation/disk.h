// A disk that misbehaves: writes that fail, writes that are said to have failed and have not, no
// room for any, and bits that have changed when they are read. A write is there as a whole or not
// at all, and synced: RocksDB's log, which is synced after each record, has a checksum for each,
// and node/storage/torn_log.h takes off what a power cut leaves of the last one.
#ifndef ASSENT_TESTS_SIMULATION_DISK_H_
#define ASSENT_TESTS_SIMULATION_DISK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "tests/simulation/random.h"

namespace assent::simulation {

enum class DiskFault {
  kNone,
  kFailsUnwritten,  // the next write fails
  kFailsWritten,    // it is said to fail, and is there afterwards
  kFull,            // few writes find room, until somebody makes some
};

// What can be rotten of it. The first two are all that a bare core has.
enum class Part { kJournal, kBlocks, kEntries, kState };
inline constexpr std::size_t kPartsOfCore = 2;
inline constexpr std::size_t kPartsOfReplica = 4;

class Disk {
 public:
  explicit Disk(Random random) : random_(random) {}

  // Called when rot is found, once for each disk.
  std::function<void()> on_rot_found;

  void Break(DiskFault fault);
  // There is room again.
  void Free() { full_ = false; }
  // Some of one of the first `parts` changes. Checksums tell, whenever that is read.
  void Rot(std::size_t parts);
  // By a new one.
  void Replace();

  // When a node starts. It fails, at times, where there is no room; other faults were for once.
  absl::Status Open();
  // Does `write`, or not, and says whether it is known to be done. After one that failed no other
  // is done before Open.
  absl::Status Write(absl::FunctionRef<void()> write);
  // Whether it finds that what it reads is rotten: a part has numbered places; nothing: all of it
  // is read. The process ends at once where it is the state; that is, no write is done any more.
  bool FindsRot(Part part, std::optional<std::uint64_t> place);

  bool rotten() const { return rot_.has_value(); }
  bool rotten(Part part) const { return rot_ && rot_->part == part; }
  bool rot_found() const { return rot_found_; }

  // What is read of a rotten place.
  static absl::Status BadChecksum();
  // Whether this is why a disk has failed, be it wrapped into other words.
  static bool Said(const absl::Status& status);

 private:
  // One place in so many is rotten.
  static constexpr std::uint64_t kPlaces = 8;
  struct Rotten {
    Part part;
    std::uint64_t place;
  };

  Random random_;
  DiskFault fault_ = DiskFault::kNone;
  bool full_ = false;
  std::optional<Rotten> rot_;
  bool rot_found_ = false;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_DISK_H_
