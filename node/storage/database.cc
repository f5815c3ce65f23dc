#include "node/storage/database.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::storage {

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(AbslView(what), ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(message);
  return absl::InternalError(message);
}

namespace {

// Calls the fatal function, and aborts should it return.
[[noreturn]] void End(const Fatal& fatal, const std::string& line) {
  if (fatal) fatal(line);
  std::fprintf(stderr, "%s\n", line.c_str());
  std::abort();
}

}  // namespace

void TablesFailed::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                     rocksdb::Status* status) {
  const bool of_a_write = reason == rocksdb::BackgroundErrorReason::kWriteCallback ||
                          reason == rocksdb::BackgroundErrorReason::kMemTable;
  if (of_a_write) return;
  if (status->IsCorruption()) {
    End(fatal_, absl::StrCat("the database is damaged: ", status->ToString(),
                             "; the node stops: restore it, or copy it from another node"));
  }
  End(fatal_, absl::StrCat("cannot write the tables of the database: ", status->ToString(),
                           "; mend the disk, then start the node again"));
}

Database::Database(std::unique_ptr<rocksdb::DB> db,
                   std::vector<rocksdb::ColumnFamilyHandle*> handles, Fatal fatal,
                   ReadFailed read_failed)
    : db_(std::move(db)), fatal_(std::move(fatal)), read_failed_(std::move(read_failed)) {
  std::copy_n(handles.begin(), kFamilies, handles_.begin());
}

Database::~Database() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
}

absl::StatusOr<std::optional<std::string>> Database::Get(Family family, std::string_view key,
                                                         const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db_->Get(options, handle(family), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return Told(ToStatus(status, "cannot read the database"));
  return value;
}

absl::Status Database::Told(absl::Status why) const {
  if (read_failed_) read_failed_(why);
  return why;
}

void Database::Die(const absl::Status& why) const {
  End(fatal_, absl::StrCat(why.message(),
                           "; the node stops: restore the database, or copy it from another node"));
}

Range::Range(const Database& database, Family family, std::string_view first, std::string end,
             const rocksdb::Snapshot* snapshot)
    : database_(database), end_(std::move(end)), end_slice_(end_) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (!end_.empty()) options.iterate_upper_bound = &end_slice_;
  iterator_.reset(database.db().NewIterator(options, database.handle(family)));
  iterator_->Seek(ToSlice(first));
}

absl::Status Range::status() const {
  if (iterator_->status().ok()) return absl::OkStatus();
  return database_.Told(ToStatus(iterator_->status(), "cannot read the database"));
}

}  // namespace assent::storage
