#include "node/storage/database_status.h"

#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "node/storage/database.h"
#include "node/storage/rocks_options.h"
#include "rocksdb/db.h"

namespace assent::storage {
namespace {

using Properties = rocksdb::DB::Properties;

// Their names in RocksDB's map of a family's figures.
constexpr char kSlowdowns[] = "io_stalls.total_slowdown";
constexpr char kStops[] = "io_stalls.total_stop";

std::uint64_t Number(const std::map<std::string, std::string>& figures, const char* name) {
  const auto found = figures.find(name);
  std::uint64_t number = 0;
  return found != figures.end() && absl::SimpleAtoi(found->second, &number) ? number : 0;
}

FamilyStatus ReadFamily(const Database& database, Family family) {
  rocksdb::DB& db = database.db();
  rocksdb::ColumnFamilyHandle* handle = database.handle(family);
  FamilyStatus status;
  status.name = FamilyName(family);
  for (int level = 0; level < db.NumberLevels(handle); ++level) {
    std::string text;
    std::uint64_t files = 0;
    if (db.GetProperty(handle, absl::StrCat(Properties::kNumFilesAtLevelPrefix, level), &text) &&
        absl::SimpleAtoi(text, &files)) {
      status.level_files.push_back(files);
    }
  }
  db.GetIntProperty(handle, Properties::kLiveSstFilesSize, &status.table_bytes);
  db.GetIntProperty(handle, Properties::kCurSizeAllMemTables, &status.memtable_bytes);
  db.GetIntProperty(handle, Properties::kEstimatePendingCompactionBytes,
                    &status.compaction_pending_bytes);
  std::map<std::string, std::string> figures;
  if (db.GetMapProperty(handle, Properties::kCFStats, &figures)) {
    status.slowdowns = Number(figures, kSlowdowns);
    status.stops = Number(figures, kStops);
  }
  return status;
}

}  // namespace

DatabaseStatus ReadStatus(const Database& database) {
  DatabaseStatus status;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    status.families.push_back(ReadFamily(database, Family{i}));
  }
  rocksdb::DB& db = database.db();
  std::uint64_t stopped = 0;
  db.GetIntProperty(Properties::kIsWriteStopped, &stopped);
  status.write_stopped = stopped != 0;
  // The same through whichever family it is asked.
  db.GetIntProperty(Properties::kBlockCacheUsage, &status.cache_bytes);
  db.GetIntProperty(Properties::kBlockCachePinnedUsage, &status.cache_pinned_bytes);
  db.GetIntProperty(Properties::kBlockCacheCapacity, &status.cache_capacity_bytes);
  return status;
}

}  // namespace assent::storage
