// Making backups of an open RocksDB, and copying one back. What is in the folder: backup.h.
#ifndef ASSENT_NODE_STORAGE_BACKUP_WRITER_H_
#define ASSENT_NODE_STORAGE_BACKUP_WRITER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/storage/backup.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/backup_engine.h"

namespace assent::storage {

// Any thread.
class BackupWriter {
 public:
  // `height` is final in `db`. FailedPrecondition: another is under way. Cancelled: Stop. Internal.
  absl::StatusOr<MadeBackup> Make(rocksdb::DB& db, const std::string& folder,
                                  const LedgerId& ledger, Height height);
  // Ends what is under way, and lets nothing begin any more.
  void Stop();

 private:
  absl::Status Begin(const std::string& folder);

  std::mutex mutex_;
  bool stopped_ = false;
  std::shared_ptr<rocksdb::BackupEngine> engine_;  // while a backup is under way
};

// Copies the files of a backup into a folder, and compares their checksums. NotFound, DataLoss.
absl::Status CopyBackup(const std::string& folder, std::uint32_t backup, const std::string& to);

// What was renamed in a folder is so after a power cut, too.
absl::Status SyncFolder(const std::string& folder);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_BACKUP_WRITER_H_
