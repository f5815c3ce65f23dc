// How the database is doing: sizes, and whether it holds writes back.
#ifndef ASSENT_NODE_STORAGE_DATABASE_STATUS_H_
#define ASSENT_NODE_STORAGE_DATABASE_STATUS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace assent::storage {

class Database;

// One column family.
struct FamilyStatus {
  std::string name;
  std::vector<std::uint64_t> level_files;      // tables, by level
  std::uint64_t table_bytes = 0;               // that are in use
  std::uint64_t memtable_bytes = 0;            // not yet written out as tables
  std::uint64_t compaction_pending_bytes = 0;  // an estimate
  std::uint64_t slowdowns = 0;                 // writes held back, since it was opened
  std::uint64_t stops = 0;                     // writes stopped for a while, since it was opened
};

struct DatabaseStatus {
  std::vector<FamilyStatus> families;
  bool write_stopped = false;
  // All families share one cache.
  std::uint64_t cache_bytes = 0;
  std::uint64_t cache_pinned_bytes = 0;
  std::uint64_t cache_capacity_bytes = 0;
};

// Reads no disk. Any thread.
DatabaseStatus ReadStatus(const Database& database);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_DATABASE_STATUS_H_
