// The database of a node: RocksDB behind replica::Store. Layout: keys.h.
#ifndef ASSENT_NODE_STORAGE_ROCKS_STORE_H_
#define ASSENT_NODE_STORAGE_ROCKS_STORE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/rules/rules.h"
#include "node/replica/store.h"

namespace assent::storage {

class Database;
class RocksView;

struct OpenOptions {
  std::string path;    // folder of the database
  LedgerId ledger_id;  // whose database it must be
  // Called, with one line for the operator, when the state cannot be read. Must end the process;
  // when empty or should it return, the process prints the line and aborts.
  std::function<void(std::string_view line)> fatal;
  bool read_only = false;  // changes no file; every write fails
};

// May the node vote from the start, because it never did before? protocol.md, "A node that may have
// forgotten its votes".
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

  ~RocksStore() override;

  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override;
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override;
  bool restoring() const override;

  // A copy of the newest committed database in `folder`, which must not exist yet, while this one
  // is in use: files that never change are linked when on the same file system. The copy is marked
  // as restoring: by the time it is used, this node will have cast votes that it does not know. Any
  // thread. Internal: the disk said no.
  absl::Status Backup(const std::string& folder) const;

 private:
  RocksStore(std::shared_ptr<const Database> database, replica::Tip tip, bool restoring);

  const std::shared_ptr<const Database> database_;

  // The writer's own.
  absl::Status failed_;  // of the write that failed
  std::string
      journal_floor_;  // no journal key is before it: what is forgotten below it is gone already

  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const RocksView> view_;
  bool restoring_;
};

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_ROCKS_STORE_H_
