// Folders of backups of a node's database: RocksDB's BackupEngine, so that a file which a backup
// there has already is not copied again, and each file has a checksum. They are no databases, so
// that no node can be started on one by mistake.
#ifndef ASSENT_NODE_STORAGE_BACKUP_H_
#define ASSENT_NODE_STORAGE_BACKUP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::storage {

struct MadeBackup {
  std::uint32_t id = 0;  // counted from 1 in its folder
  Height height;         // the newest block that it holds for certain
};

struct BackupInfo {
  std::uint32_t id = 0;
  Height height;  // as of MadeBackup
  LedgerId ledger;
  Time made;  // whole seconds
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // of all its files, those that it shares with others included
};

// Those in the folder that are whole, oldest first. NotFound: there is no such folder. DataLoss:
// what one says of itself cannot be read.
absl::StatusOr<std::vector<BackupInfo>> ListBackups(const std::string& folder);

// Reads all files of a backup and compares their checksums. DataLoss.
absl::Status VerifyBackup(const std::string& folder, std::uint32_t backup);

// Removes all but the newest `keep`, at least 1, and the files that no other needs. Returns how
// many are gone. No backup may be made there meanwhile.
absl::StatusOr<std::uint32_t> PruneBackups(const std::string& folder, std::uint32_t keep);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_BACKUP_H_
