#include "node/storage/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/storage/backup_writer.h"
#include "node/storage/database.h"
#include "node/storage/keys.h"
#include "rocksdb/env.h"
#include "rocksdb/utilities/backup_engine.h"

namespace assent::storage {
namespace {

// What a backup says of itself: this, the ledger id, and u64 height.
constexpr std::string_view kMetadataMagic = "assent backup 1\n";

rocksdb::BackupEngineOptions EngineOptions(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  return options;
}

std::string EncodeMetadata(const LedgerId& ledger, Height height) {
  std::string metadata(kMetadataMagic);
  metadata += ledger.view();
  AppendU64(metadata, height.value());
  return metadata;
}

absl::StatusOr<BackupInfo> ToInfo(const rocksdb::BackupInfo& backup) {
  ByteReader reader(backup.app_metadata);
  const std::string_view magic = reader.Bytes(kMetadataMagic.size());
  BackupInfo info;
  info.ledger = reader.Fixed<LedgerId>();
  info.height = Height(reader.U64());
  if (!reader.AtEnd() || magic != kMetadataMagic) {
    return absl::DataLossError(
        absl::StrCat("backup ", backup.backup_id, " is not one that assent-node has made"));
  }
  info.id = backup.backup_id;
  info.made = Time{backup.timestamp * 1'000'000};
  info.files = backup.number_files;
  info.bytes = backup.size;
  return info;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenForReading(
    const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return absl::NotFoundError(absl::StrCat("there are no backups in ", folder));
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::Status status =
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(folder), rocksdb::Env::Default(), &engine);
  if (!status.ok()) return ToStatus(status, "cannot read the backups in " + folder);
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

absl::Status OfBackup(const rocksdb::Status& status, const std::string& folder,
                      std::uint32_t backup) {
  if (status.IsNotFound()) {
    return absl::NotFoundError(absl::StrCat("there is no whole backup ", backup, " in ", folder));
  }
  return ToStatus(status, absl::StrCat("backup ", backup, " in ", folder));
}

absl::StatusOr<std::shared_ptr<rocksdb::BackupEngine>> OpenForWriting(const std::string& folder) {
  rocksdb::BackupEngine* engine = nullptr;
  const rocksdb::Status status =
      rocksdb::BackupEngine::Open(EngineOptions(folder), rocksdb::Env::Default(), &engine);
  if (!status.ok()) return ToStatus(status, "cannot open the backups in " + folder);
  return std::shared_ptr<rocksdb::BackupEngine>(engine);
}

}  // namespace

absl::StatusOr<std::vector<BackupInfo>> ListBackups(const std::string& folder) {
  const auto engine = OpenForReading(folder);
  if (!engine.ok()) return engine.status();
  std::vector<rocksdb::BackupInfo> found;
  (*engine)->GetBackupInfo(&found);
  std::vector<BackupInfo> backups;
  for (const rocksdb::BackupInfo& backup : found) {
    auto info = ToInfo(backup);
    if (!info.ok()) return info.status();
    backups.push_back(*std::move(info));
  }
  return backups;
}

absl::Status VerifyBackup(const std::string& folder, std::uint32_t backup) {
  const auto engine = OpenForReading(folder);
  if (!engine.ok()) return engine.status();
  return OfBackup((*engine)->VerifyBackup(backup, /*verify_with_checksum=*/true), folder, backup);
}

absl::StatusOr<std::uint32_t> PruneBackups(const std::string& folder, std::uint32_t keep) {
  const auto engine = OpenForWriting(folder);
  if (!engine.ok()) return engine.status();
  std::vector<rocksdb::BackupInfo> before;
  (*engine)->GetBackupInfo(&before);
  const rocksdb::Status pruned = (*engine)->PurgeOldBackups(keep);
  if (!pruned.ok()) return ToStatus(pruned, "cannot remove old backups in " + folder);
  std::vector<rocksdb::BackupInfo> after;
  (*engine)->GetBackupInfo(&after);
  return static_cast<std::uint32_t>(before.size() - after.size());
}

absl::Status BackupWriter::Begin(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return absl::CancelledError("the node is stopping");
  if (engine_ != nullptr) {
    return absl::FailedPreconditionError("another backup is under way: wait until it is done");
  }
  auto engine = OpenForWriting(folder);
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  return absl::OkStatus();
}

absl::StatusOr<MadeBackup> BackupWriter::Make(rocksdb::DB& db, const std::string& folder,
                                              const LedgerId& ledger, Height height) {
  if (auto status = Begin(folder); !status.ok()) return status;
  MadeBackup made{0, height};
  const rocksdb::Status status = engine_->CreateNewBackupWithMetadata(
      rocksdb::CreateBackupOptions(), &db, EncodeMetadata(ledger, height), &made.id);
  const std::lock_guard lock(mutex_);
  engine_.reset();
  if (status.ok()) return made;
  if (stopped_) return absl::CancelledError("the node is stopping");
  return ToStatus(status, "cannot make a backup in " + folder);
}

void BackupWriter::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (engine_ != nullptr) engine_->StopBackup();
}

absl::Status CopyBackup(const std::string& folder, std::uint32_t backup, const std::string& to) {
  const auto engine = OpenForReading(folder);
  if (!engine.ok()) return engine.status();
  return OfBackup((*engine)->RestoreDBFromBackup(backup, to, to), folder, backup);
}

absl::Status SyncFolder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int why = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot sync ", folder, ": ", std::strerror(why)));
}

}  // namespace assent::storage
