#include "node/storage/rocks_store.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/rules/past.h"
#include "ledger/rules/record_index.h"
#include "node/storage/backup_writer.h"
#include "node/storage/database.h"
#include "node/storage/derived.h"
#include "node/storage/follows.h"
#include "node/storage/keys.h"
#include "node/storage/rocks_view.h"
#include "node/storage/torn_log.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"

namespace assent::storage {

using replica::Batch;
using replica::CommittedBlock;
using replica::Tip;

namespace {

constexpr std::string_view kStagedSuffix = ".restoring";

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

// Puts into one RocksDB batch. RocksDB refuses a Put only for its size, which our limits exclude.
class BatchWriter {
 public:
  explicit BatchWriter(const Database& database) : database_(database) {}

  void Put(Family family, std::string_view key, std::string_view value) {
    batch_.Put(database_.handle(family), ToSlice(key), ToSlice(value));
  }
  void Delete(Family family, std::string_view key) {
    batch_.Delete(database_.handle(family), ToSlice(key));
  }

  void PutTip(Height height) { Put(Family::kMetadata, kTipKey, NumberKey(height.value())); }
  void PutRestoring(bool restoring) {
    Put(Family::kMetadata, kRestoringKey, restoring ? "\x01" : std::string_view("\0", 1));
  }
  void PutState(const StateWrites& writes) {
    for (const auto& [key, value] : writes) {
      if (value) {
        Put(Family::kState, key, *value);
      } else {
        Delete(Family::kState, key);
      }
    }
  }
  void PutBlock(const CommittedBlock& block);

  // Returns when it is on the disk.
  rocksdb::Status Commit() { return database_.db().Write(Synced(), &batch_); }

 private:
  const Database& database_;
  rocksdb::WriteBatch batch_;
};

void BatchWriter::PutBlock(const CommittedBlock& block) {
  const BlockHeader& header = block.header;
  Put(Family::kBlocks, NumberKey(header.height.value()),
      EncodeBlock({header, block.header_bytes, block.certificate, block.tail}));
  if (!block.certificate.empty()) Put(Family::kIndexes, CertifiedKey(header.height), "");
  if (!block.entries.empty()) {
    Put(Family::kIndexes, HeightKey(header.first_index), NumberKey(header.height.value()));
  }
  EntryIndex index = header.first_index;
  for (std::size_t i = 0; i < block.entries.size(); ++i, index = index.next()) {
    const Entry& entry = *block.entries[i];
    const std::string number = NumberKey(index.value());
    Put(Family::kEntries, number, EncodeEntry(entry));
    Put(Family::kIndexes, AuthorKey(entry.header().author, entry.header().sequence), number);
    Put(Family::kIndexes, TypeKey(block.types[i], index), "");
    for (const std::string& key : rules::RecordKeysFor(entry, index)) {
      Put(Family::kDerived, key, "");
    }
  }
  for (const MerkleNode& node : block.merkle_nodes) {
    Put(Family::kMerkle, MerkleKey(node.level, node.index), node.hash.view());
  }
  PutState(block.state);
  for (const auto& [key, value] : rules::IndexWritesFor(block.state)) {
    Put(Family::kDerived, key, *value);
  }
}

absl::Status NoLedger(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " is not the database of a ledger: ", AbslView(why)));
}

absl::Status InUse(const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("the database in ", path, " is in use by another process: stop it first"));
}

// Whether the database is locked by somebody, as RocksDB says it: its status has no code for that.
bool IsHeld(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return text.starts_with("IO error: While lock file") ||
         text.starts_with("IO error: lock hold by current process");
}

absl::Status CannotRead(const std::string& path, const std::error_code& error) {
  const std::string what = absl::StrCat("cannot read ", path, ": ", error.message());
  if (error == std::errc::permission_denied) return absl::PermissionDeniedError(what);
  return absl::InternalError(absl::StrCat(what, "; mend the disk, then start again"));
}

// What a failed open means. RocksDB calls a missing or torn file corruption or an invalid argument,
// too.
absl::Status OpenError(const rocksdb::Status& status, const std::string& path) {
  std::string text = status.ToString();
  std::replace(text.begin(), text.end(), '\n', ' ');  // of tables that are missing or cut off
  if (IsHeld(status)) return InUse(path);
  if (status.IsIOError() && text.find("No such file") == std::string::npos) {
    return absl::InternalError(absl::StrCat("cannot open the database in ", path, ": ", text,
                                            "; mend the disk, then start again"));
  }
  return absl::DataLossError(absl::StrCat("the database in ", path, " is damaged: ", text,
                                          "; restore it, or copy it from another node"));
}

// Fails while another process, or this one, has the database open; nobody can open it while the
// result lives.
absl::StatusOr<std::shared_ptr<void>> LockFolder(const std::string& path) {
  rocksdb::FileLock* lock = nullptr;
  rocksdb::Env* const env = rocksdb::Env::Default();
  if (const rocksdb::Status status = env->LockFile(path + "/LOCK", &lock); !status.ok()) {
    std::error_code error;
    std::filesystem::directory_iterator readable(path, error);
    if (error) return CannotRead(path, error);
    return OpenError(status, path);
  }
  return std::shared_ptr<void>(
      lock, [env](void* held) { env->UnlockFile(static_cast<rocksdb::FileLock*>(held)); });
}

// False for the database of a program that did not have all of them.
bool HasAllFamilies(const std::string& path) {
  std::vector<std::string> names;
  return !rocksdb::DB::ListColumnFamilies(DatabaseOptions(), path, &names).ok() ||
         names.size() == kFamilies;
}

absl::StatusOr<std::shared_ptr<Database>> OpenFamilies(const OpenOptions& options, bool create) {
  rocksdb::DBOptions db_options = DatabaseOptions();
  db_options.create_missing_column_families = !options.read_only;
  if (create) {
    db_options.create_if_missing = true;
    db_options.error_if_exists = true;
  }
  if (options.read_only && !HasAllFamilies(options.path)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database in ", options.path,
                     " is of an older program: start its node once, which completes it"));
  }
  if (options.fatal) {
    db_options.listeners.push_back(std::make_shared<TablesFailed>(options.fatal));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, options.path, Families(), &handles, &db)
          : rocksdb::DB::Open(db_options, options.path, Families(), &handles, &db);
  if (!status.ok()) return OpenError(status, options.path);
  return std::make_shared<Database>(std::unique_ptr<rocksdb::DB>(db), std::move(handles),
                                    options.fatal, options.read_failed);
}

// Looks, without changing anything, at whose database it is.
absl::Status CheckIdentity(const OpenOptions& options) {
  rocksdb::DB* opened = nullptr;
  rocksdb::Options read_options(DatabaseOptions(), rocksdb::ColumnFamilyOptions());
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(read_options, options.path, &opened);
  if (!status.ok()) return OpenError(status, options.path);
  const std::unique_ptr<rocksdb::DB> db(opened);

  std::string format;
  const rocksdb::Status found = db->Get({}, ToSlice(kFormatKey), &format);
  if (found.IsNotFound()) {
    return NoLedger(options.path,
                    "it has no format version; if making it was interrupted, remove it and run "
                    "assent-node init again");
  }
  if (!found.ok()) return OpenError(found, options.path);
  ByteReader version(format);
  const std::uint32_t number = version.U32();
  if (!version.AtEnd()) return NoLedger(options.path, "its format version cannot be read");
  if (number != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database in ", options.path, " has format version ", number,
                     ", this program reads version ", kFormatVersion));
  }
  std::string id;
  const rocksdb::Status has_id = db->Get({}, ToSlice(kLedgerKey), &id);
  if (!has_id.ok()) return OpenError(has_id, options.path);
  if (id != options.ledger_id.view()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database in ", options.path, " belongs to ledger ", ToHex(id),
                     ", the founding act is that of ledger ", options.ledger_id.hex()));
  }
  return absl::OkStatus();
}

// The same of a database whose log may have been cut off in the middle of a write. Returns what was
// taken from the log for that, as it was when that does not help.
absl::StatusOr<TornEnd> CheckTornIdentity(const OpenOptions& options, const absl::Status& damage) {
  absl::StatusOr<TornEnd> end = CutTornLog(options.path);
  if (!end.ok()) return end;
  if (end->bytes.empty()) return damage;
  if (CheckIdentity(options).ok()) return end;
  const absl::Status back = PutBack(*end);
  return back.ok() ? damage : back;
}

absl::Status Incomplete(const std::string& path, std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the database in ", path, " is damaged: ", AbslView(what)));
}

// What stands in the way of a start, with what to do about it.
absl::Status Advised(const absl::Status& status) {
  const std::string_view advice = absl::IsDataLoss(status)
                                      ? "; restore it, or copy it from another node"
                                      : "; mend the disk, then start again";
  return {status.code(), absl::StrCat(status.message(), AbslView(advice))};
}

// Whether the folder was a database once.
bool HasManifest(const std::string& path) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(path, error)) {
    if (file.path().filename().string().starts_with("MANIFEST-")) return true;
  }
  return false;
}

absl::StatusOr<Tip> ReadTip(const Database& database, const OpenOptions& options) {
  const auto height = database.Get(Family::kMetadata, kTipKey, nullptr);
  if (!height.ok()) return height.status();
  const auto number = height->has_value() ? ParseNumber(**height) : std::nullopt;
  if (!number) return Incomplete(options.path, "it does not say which block is the newest");
  const auto value = database.Get(Family::kBlocks, NumberKey(*number), nullptr);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return Incomplete(options.path, "the newest block is missing");
  absl::StatusOr<StoredBlock> block = DecodeBlock(**value);
  if (!block.ok()) return Incomplete(options.path, StdView(block.status().message()));
  if (block->header.ledger_id != options.ledger_id || block->header.height.value() != *number) {
    return Incomplete(options.path, "the newest block is that of another place");
  }
  const Hash hash = BlockHash(block->header_bytes);
  return Tip{block->header, std::move(block->header_bytes), hash};
}

absl::StatusOr<bool> ReadRestoring(const Database& database, const std::string& path) {
  const auto value = database.Get(Family::kMetadata, kRestoringKey, nullptr);
  if (!value.ok()) return value.status();
  if (!value->has_value() || (*value)->size() != 1) {
    return Incomplete(path, "it does not say whether votes may have been forgotten");
  }
  return (**value)[0] != '\0';
}

}  // namespace

absl::Status RocksStore::Create(const OpenOptions& options, const rules::Genesis& genesis,
                                Start start) {
  std::error_code error;
  std::filesystem::create_directories(options.path, error);
  if (error) {
    return absl::InternalError(absl::StrCat("cannot make ", options.path, ": ", error.message()));
  }
  const bool empty = std::filesystem::is_empty(options.path, error);
  if (error) {
    return absl::InternalError(absl::StrCat("cannot read ", options.path, ": ", error.message()));
  }
  if (!empty) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.path, " is not empty: a new database needs an empty folder"));
  }
  const auto database = OpenFamilies(options, /*create=*/true);
  if (!database.ok()) return database.status();

  const std::string header_bytes = EncodeBlockHeader(genesis.header);
  std::string version;
  AppendU32(version, kFormatVersion);
  BatchWriter writer(**database);
  writer.Put(Family::kMetadata, kFormatKey, version);
  writer.Put(Family::kMetadata, kLedgerKey, options.ledger_id.view());
  writer.Put(Family::kBlocks, NumberKey(0), EncodeBlock({genesis.header, header_bytes, "", {}}));
  writer.PutState(genesis.writes);
  for (const std::string_view mark : {rules::kPastMark, rules::kRecordsMark}) {
    writer.Put(Family::kDerived, mark, "");
  }
  writer.PutTip(Height(0));
  writer.PutRestoring(start == Start::kRestoring);
  return ToStatus(writer.Commit(), "cannot write the new database");
}

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const OpenOptions& options) {
  // What is there but cannot be looked at is not missing: nobody shall be told to make a new one.
  std::error_code error;
  const std::filesystem::file_status folder = std::filesystem::status(options.path, error);
  if (!std::filesystem::status_known(folder)) return CannotRead(options.path, error);
  if (!std::filesystem::is_directory(folder)) {
    return absl::NotFoundError(
        absl::StrCat("there is no database in ", options.path, ": make it with assent-node init"));
  }
  const std::filesystem::file_status current =
      std::filesystem::status(options.path + "/CURRENT", error);
  if (!std::filesystem::status_known(current)) return CannotRead(options.path, error);
  if (!std::filesystem::exists(current)) {
    if (HasManifest(options.path)) {
      return Advised(Incomplete(options.path, "it has no file CURRENT"));
    }
    return NoLedger(options.path, "it has no file CURRENT; make one with assent-node init");
  }
  auto lock = LockFolder(options.path);
  if (!lock.ok()) return lock.status();
  std::uint64_t torn_bytes = 0;
  if (const absl::Status status = CheckIdentity(options); !status.ok()) {
    if (!absl::IsDataLoss(status) || options.read_only) return status;
    const absl::StatusOr<TornEnd> end = CheckTornIdentity(options, status);
    if (!end.ok()) return end.status();
    torn_bytes = end->bytes.size();
  }

  if (!options.read_only) lock->reset();
  auto database = OpenFamilies(options, /*create=*/false);
  if (!database.ok()) return database.status();
  absl::StatusOr<Tip> tip = ReadTip(**database, options);
  if (!tip.ok()) return Advised(tip.status());
  const absl::StatusOr<bool> restoring = ReadRestoring(**database, options.path);
  if (!restoring.ok()) return Advised(restoring.status());
  if (!options.read_only) {
    if (const auto derived = CompleteDerived(**database); !derived.ok()) return Advised(derived);
  }
  auto store = std::unique_ptr<RocksStore>(new RocksStore(
      *std::move(lock), *std::move(database), *std::move(tip), *restoring, options.ledger_id));
  store->torn_bytes_ = torn_bytes;
  if (!options.read_only) {
    const absl::Status read = store->ReadJournal([&](std::string_view key, std::string_view) {
      store->journal_keys_.insert(std::string(key));
    });
    if (!read.ok()) return Advised(read);
  }
  return store;
}

RocksStore::RocksStore(std::shared_ptr<void> lock, std::shared_ptr<const Database> database,
                       Tip tip, bool restoring, const LedgerId& ledger)
    : lock_(std::move(lock)),
      database_(std::move(database)),
      ledger_(ledger),
      backups_(std::make_unique<BackupWriter>()),
      view_(std::make_shared<const RocksView>(database_, std::move(tip))),
      restoring_(restoring) {}

RocksStore::~RocksStore() = default;

absl::Status RocksStore::Write(const Batch& batch) {
  if (!failed_.ok()) return failed_;
  BatchWriter writer(*database_);
  for (const auto& [key, value] : batch.journal) {
    writer.Put(Family::kJournal, key, value);
    journal_keys_.insert(key);
  }
  if (batch.journal_forget_below) {
    const auto end = journal_keys_.lower_bound(*batch.journal_forget_below);
    for (auto key = journal_keys_.begin(); key != end; ++key) {
      writer.Delete(Family::kJournal, *key);
    }
    journal_keys_.erase(journal_keys_.begin(), end);
  }
  Tip tip = Read()->tip();
  for (const CommittedBlock& block : batch.blocks) {
    RequireFollows(tip, block);
    writer.PutBlock(block);
    tip = {block.header, block.header_bytes, block.hash};
  }
  if (!batch.blocks.empty()) writer.PutTip(tip.header.height);
  if (batch.checkpoint) {
    writer.Put(Family::kMetadata, kCheckpointKey, EncodeCheckpoint(*batch.checkpoint));
  }
  if (batch.restoring) writer.PutRestoring(*batch.restoring);
  for (const auto& [key, value] : batch.evidence) {
    writer.Put(Family::kMetadata, std::string(kEvidencePrefix) + key, value);
  }
  for (const replica::RestartRecord& restart : batch.restarts) {
    writer.Put(Family::kMetadata, RestartKey(restart.height), EncodeRestart(restart));
  }
  failed_ = ToStatus(writer.Commit(), "cannot write to the database");
  if (!failed_.ok()) return failed_;

  const bool visible = !batch.blocks.empty() || batch.checkpoint || !batch.evidence.empty() ||
                       !batch.restarts.empty();
  if (!visible && !batch.restoring) return absl::OkStatus();
  std::shared_ptr<const RocksView> view =
      visible ? std::make_shared<const RocksView>(database_, std::move(tip)) : nullptr;
  const std::lock_guard lock(mutex_);
  if (view != nullptr) view_.swap(view);
  if (batch.restoring) restoring_ = *batch.restoring;
  return absl::OkStatus();
}

std::shared_ptr<const replica::ReadView> RocksStore::Read() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

absl::Status RocksStore::ReadJournal(
    absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const {
  Range range(*database_, Family::kJournal, "", "", nullptr);
  for (; range.Valid(); range.Next()) visit(range.key(), range.value());
  return range.status();
}

bool RocksStore::restoring() const {
  const std::lock_guard lock(mutex_);
  return restoring_;
}

DatabaseStatus RocksStore::Status() const { return ReadStatus(*database_); }

absl::StatusOr<MadeBackup> RocksStore::Backup(const std::string& folder) const {
  const Height height = Read()->tip().header.height;
  return backups_->Make(database_->db(), folder, ledger_, height);
}

void RocksStore::StopBackups() const { backups_->Stop(); }

absl::Status RocksStore::Restore(const std::string& folder, std::uint32_t backup,
                                 const OpenOptions& target) {
  std::error_code error;
  const bool there = std::filesystem::exists(target.path, error);
  if (there && !std::filesystem::is_empty(target.path, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(target.path, " is not empty: a backup is restored into an empty folder"));
  }
  // Under a name by which no node starts, until it is marked: the journal of a backup does not know
  // the votes that were cast after it.
  OpenOptions staged = target;
  staged.path = target.path + std::string(kStagedSuffix);
  std::filesystem::remove_all(staged.path, error);
  std::filesystem::create_directories(staged.path, error);
  if (error) {
    return absl::InternalError(absl::StrCat("cannot make ", staged.path, ": ", error.message()));
  }
  if (auto status = CopyBackup(folder, backup, staged.path); !status.ok()) return status;
  if (auto status = CheckIdentity(staged); !status.ok()) return status;
  {
    const auto database = OpenFamilies(staged, /*create=*/false);
    if (!database.ok()) return database.status();
    if (const auto tip = ReadTip(**database, staged); !tip.ok()) return tip.status();
    BatchWriter writer(**database);
    writer.PutRestoring(true);
    if (auto status = ToStatus(writer.Commit(), "cannot mark the restored database");
        !status.ok()) {
      return status;
    }
  }
  if (there) std::filesystem::remove(target.path, error);
  std::filesystem::rename(staged.path, target.path, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot rename ", staged.path, " to ", target.path, ": ", error.message()));
  }
  return SyncFolder(std::filesystem::path(target.path).parent_path().string());
}

}  // namespace assent::storage
