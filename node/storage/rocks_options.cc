#include "node/storage/rocks_options.h"

#include <algorithm>
#include <cstdarg>
#include <memory>
#include <string>

#include "node/storage/keys.h"
#include "rocksdb/cache.h"
#include "rocksdb/convenience.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace assent::storage {
namespace {

// RocksDB's own log would be one more file to fill the disk with, and where asserts are on RocksDB
// aborts when it cannot write to it. What matters comes back as the status of a read or write.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

// LZ4 where RocksDB was built with it.
rocksdb::CompressionType FastCompression() {
  const std::vector<rocksdb::CompressionType> built = rocksdb::GetSupportedCompressions();
  const bool has_lz4 =
      std::find(built.begin(), built.end(), rocksdb::kLZ4Compression) != built.end();
  return has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

bool LooksUpSingleKeys(Family family) {
  return family == Family::kState || family == Family::kIndexes;
}

// Hashes, signatures and numbers do not get smaller.
bool HoldsText(Family family) {
  return family == Family::kEntries || family == Family::kState || family == Family::kDerived;
}

std::size_t WriteBufferBytes(Family family) {
  if (family == Family::kJournal) return kJournalBufferBytes;
  if (family == Family::kMetadata) return kMetadataBufferBytes;
  return kWriteBufferBytes;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In parts: the index and filter of a whole file do not stay in the cache once there are many
  // files, and then each look-up would read and check a megabyte to find one key.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = LooksUpSingleKeys(family);
  table.format_version = 5;
  if (LooksUpSingleKeys(family)) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  }
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = HoldsText(family) ? FastCompression() : rocksdb::kNoCompression;
  options.write_buffer_size = WriteBufferBytes(family);
  options.paranoid_file_checks = true;
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

}  // namespace

std::string_view FamilyName(Family family) {
  switch (family) {
    case Family::kMetadata:
      return rocksdb::kDefaultColumnFamilyName;
    case Family::kBlocks:
      return kBlocksFamily;
    case Family::kEntries:
      return kEntriesFamily;
    case Family::kIndexes:
      return kIndexesFamily;
    case Family::kMerkle:
      return kMerkleFamily;
    case Family::kState:
      return kStateFamily;
    case Family::kJournal:
      return kJournalFamily;
    case Family::kDerived:
      return kDerivedFamily;
  }
  return "";
}

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = false;
  options.paranoid_checks = true;
  // A record cut short at the end of the log was never acknowledged. Damage anywhere else must not
  // be passed over: what follows it was promised to others.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.max_total_wal_size = kWalBytesMax;
  options.db_write_buffer_size = kWriteBuffersBytes;
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = kBackgroundJobs;
  options.info_log = std::make_shared<NoLog>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Families() {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(kFamilies);
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const Family family{i};
    families.emplace_back(std::string(FamilyName(family)), FamilyOptions(family, cache));
  }
  return families;
}

}  // namespace assent::storage
