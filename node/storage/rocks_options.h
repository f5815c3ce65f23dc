// How RocksDB is set up: nothing that was acknowledged may be lost or silently changed, and memory
// is bounded.
#ifndef ASSENT_NODE_STORAGE_ROCKS_OPTIONS_H_
#define ASSENT_NODE_STORAGE_ROCKS_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace assent::storage {

// Memory that the database may take, besides what its readers hold.
inline constexpr std::size_t kCacheBytes = 128 * 1024 * 1024;         // blocks, indexes, filters
inline constexpr std::size_t kWriteBuffersBytes = 128 * 1024 * 1024;  // of all families together
inline constexpr std::size_t kWriteBufferBytes = 32 * 1024 * 1024;    // of one family
inline constexpr std::size_t kJournalBufferBytes =
    16 * 1024 * 1024;  // forgotten soon, so seldom written out
inline constexpr std::size_t kMetadataBufferBytes = 1024 * 1024;

inline constexpr std::uint64_t kWalBytesMax =
    128 * 1024 * 1024;  // bounds the time that opening takes
inline constexpr int kOpenFilesMax = 512;
inline constexpr int kBackgroundJobs = 2;
inline constexpr double kBloomBitsPerKey = 10;

// Column families by their place in every list of them. The metadata are in the default one.
enum class Family : std::size_t {
  kMetadata,
  kBlocks,
  kEntries,
  kIndexes,
  kMerkle,
  kState,
  kJournal,
  kDerived
};
inline constexpr std::size_t kFamilies = 8;
std::string_view FamilyName(Family family);

rocksdb::DBOptions DatabaseOptions();
// In the order of Family. All share one cache.
std::vector<rocksdb::ColumnFamilyDescriptor> Families();

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_ROCKS_OPTIONS_H_
