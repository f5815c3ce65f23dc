// What a power cut in the middle of a write leaves at the end of RocksDB's log of writes. RocksDB
// forgives a last record that is cut short, and takes one that has its length but not all of its
// sectors for damage, since it cannot tell it from rot.
// Source of the format: github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format
#ifndef ASSENT_NODE_STORAGE_TORN_LOG_H_
#define ASSENT_NODE_STORAGE_TORN_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace assent::storage {

// The smallest part that a disk writes as a whole, bytes.
inline constexpr std::size_t kSectorBytes = 512;
// The last sector of a file is not whole: so many zeros at its beginning are none of a record's.
inline constexpr std::size_t kLastSectorBytesMin = 64;
// Logs are flushed long before; a larger one is left alone.
inline constexpr std::uint64_t kTornLogBytesMax = 1ull << 30;

// Where the log should end: behind the last record that is there as a whole. Its size, unless a
// sector of what follows that record was never written, which is then zero throughout. The records
// before it are not looked at: that they are good is for RocksDB to say.
std::size_t EndOfLog(std::string_view log);

// What was taken from the end of a log.
struct TornEnd {
  std::string path;   // of the log
  std::string bytes;  // empty: nothing
};

// Ends the newest log of the database in `folder` there, so that it is on disk. Nobody may have the
// database open. Internal: the disk said no.
absl::StatusOr<TornEnd> CutTornLog(const std::string& folder);
// Undoes it.
absl::Status PutBack(const TornEnd& end);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_TORN_LOG_H_
