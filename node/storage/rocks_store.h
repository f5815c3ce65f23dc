// The database of a node: RocksDB behind replica::Store. Layout: keys.h.
#ifndef ASSENT_NODE_STORAGE_ROCKS_STORE_H_
#define ASSENT_NODE_STORAGE_ROCKS_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/rules/rules.h"
#include "node/replica/store.h"
#include "node/storage/backup.h"
#include "node/storage/database_status.h"

namespace assent::storage {

class BackupWriter;
class Database;
class RocksView;

struct OpenOptions {
  std::string path;    // folder of the database
  LedgerId ledger_id;  // whose database it must be
  // Called, with one line for the operator, when the state cannot be read, or tables cannot be
  // written. Any thread. Must end the process; when empty or should it return, the process prints
  // the line and aborts, but for tables: then the next write fails.
  std::function<void(std::string_view line)> fatal;
  // Told of each read that failed, or found damage, for a caller that can be told so. May be empty;
  // any thread.
  std::function<void(const absl::Status& why)> read_failed = {};
  // Changes no file, every write fails, and no other process can open it meanwhile.
  bool read_only = false;
};

// May the node vote from the start, because it never did before? docs/protocol.md, "Restoring".
enum class Start { kFounding, kRestoring };

// Threads as in replica::Store. A failed write is final: every later one gives the same error.
class RocksStore : public replica::Store {
 public:
  // Makes the database of a new node at height 0, in a folder that is empty or not there yet.
  // FailedPrecondition: something is in the folder. Internal: the disk said no.
  static absl::Status Create(const OpenOptions& options, const rules::Genesis& genesis,
                             Start start);

  // Opens it for this process alone.
  // NotFound: there is no folder. FailedPrecondition: it holds no ledger database, that of another
  // ledger, or another format version. Unavailable: another process has it open. DataLoss: damaged.
  // A record that was being written when the power failed is not damage; it was never acknowledged.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const OpenOptions& options);

  // The database as a backup (backup.h) has it, in a folder that is empty or not there yet: that of
  // a node that may have forgotten votes. FailedPrecondition: something is in the folder; another
  // ledger's backup. NotFound: no such backup. DataLoss: the backup is damaged.
  static absl::Status Restore(const std::string& folder, std::uint32_t backup,
                              const OpenOptions& target);

  ~RocksStore() override;

  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override;
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override;
  bool restoring() const override;

  // A backup of the newest committed database into a folder of backups (backup.h), while this one
  // is in use. Any thread, for a long time. FailedPrecondition: another is under way. Cancelled:
  // StopBackups. Internal: the disk said no.
  absl::StatusOr<MadeBackup> Backup(const std::string& folder) const;
  // Ends a backup that is under way, and refuses every later one. Any thread; does not wait.
  void StopBackups() const;

  // How many bytes Open took from the end of the log, of a write that a power cut tore; mostly 0.
  std::uint64_t torn_bytes() const { return torn_bytes_; }

  // Key by key as it is stored, for who checks it.
  const Database& database() const { return *database_; }

  // Any thread.
  DatabaseStatus Status() const;

 private:
  RocksStore(std::shared_ptr<void> lock, std::shared_ptr<const Database> database, replica::Tip tip,
             bool restoring, const LedgerId& ledger);

  const std::shared_ptr<void>
      lock_;  // of a folder that is only read; RocksDB has its own otherwise
  const std::shared_ptr<const Database> database_;
  const LedgerId ledger_;
  std::uint64_t torn_bytes_ = 0;
  const std::unique_ptr<BackupWriter> backups_;

  // The writer's own.
  absl::Status failed_;  // of the write that failed
  // Those of the whole journal: its records are deleted one by one, since RocksDB 7.8 crashes where
  // a range was deleted and a table cannot be read.
  std::set<std::string> journal_keys_;

  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const RocksView> view_;
  bool restoring_;
};

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_ROCKS_STORE_H_
