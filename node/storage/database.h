// An open RocksDB with our column families, and what reading one key or one range of it takes.
#ifndef ASSENT_NODE_STORAGE_DATABASE_H_
#define ASSENT_NODE_STORAGE_DATABASE_H_

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/storage/rocks_options.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "rocksdb/slice.h"

namespace assent::storage {

inline rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The absl::Status of what RocksDB said, `what` in front of it. Corruption is DataLoss, other
// errors Internal.
absl::Status ToStatus(const rocksdb::Status& status, std::string_view what);

// Ends the process after saying why: for what must be answered and cannot be. Does not return.
using Fatal = std::function<void(std::string_view line)>;

// Told, each time, of a read that failed or found damage, whoever has asked for it. Any thread.
using ReadFailed = std::function<void(const absl::Status& why)>;

// Ends the process when RocksDB, on threads of its own, cannot turn what was written into tables.
// Left to itself it tries again when the disk is full, and aborts by an assertion of its own
// (RocksDB 7.8). What a caller's own write meets is the caller's to tell.
class TablesFailed : public rocksdb::EventListener {
 public:
  explicit TablesFailed(Fatal fatal) : fatal_(std::move(fatal)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;

 private:
  const Fatal fatal_;
};

// Open from construction to destruction; snapshots and iterators must be gone before. Any thread.
class Database {
 public:
  Database(std::unique_ptr<rocksdb::DB> db, std::vector<rocksdb::ColumnFamilyHandle*> handles,
           Fatal fatal, ReadFailed read_failed);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }

  // The value of a key, nothing when there is none. A null snapshot reads the newest.
  absl::StatusOr<std::optional<std::string>> Get(Family family, std::string_view key,
                                                 const rocksdb::Snapshot* snapshot) const;

  // Tells of a read that failed with this status, and returns it.
  absl::Status Told(absl::Status why) const;

  // Calls the fatal function, and aborts should it return.
  [[noreturn]] void Die(const absl::Status& why) const;

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> handles_;
  Fatal fatal_;
  ReadFailed read_failed_;
};

// Walks the keys of [first, end) in order; an empty `end` is none. One thread.
class Range {
 public:
  Range(const Database& database, Family family, std::string_view first, std::string end,
        const rocksdb::Snapshot* snapshot);
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;

  // False at the end and on an error.
  bool Valid() const { return iterator_->Valid(); }
  void Next() { iterator_->Next(); }
  // Valid until Next.
  std::string_view key() const { return ToView(iterator_->key()); }
  std::string_view value() const { return ToView(iterator_->value()); }
  // Ok unless reading failed.
  absl::Status status() const;

 private:
  const Database& database_;
  const std::string end_;
  const rocksdb::Slice end_slice_;  // RocksDB keeps a pointer to it
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_DATABASE_H_
