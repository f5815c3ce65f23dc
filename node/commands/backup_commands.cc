// assent-node backup, backups, restore
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/node.grpc.pb.h"
#include "client/files.h"
#include "grpcpp/grpcpp.h"
#include "ledger/limits.h"
#include "ledger/rules/rules.h"
#include "node/commands/command.h"
#include "node/node.h"
#include "node/storage/backup.h"

namespace assent::node {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSeedCopy = "node.seed";

// Where the paths lead once links are followed.
bool IsWithin(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

absl::StatusOr<v1::BackupMade> AskForBackup(const std::string& socket, const std::string& folder) {
  const auto stub =
      v1::Node::NewStub(grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials()));
  v1::MakeBackupRequest request;
  request.set_folder(folder);
  grpc::ClientContext context;  // no deadline: how long it takes, only the disk knows
  v1::BackupMade made;
  const grpc::Status status = stub->MakeBackup(&context, request, &made);
  if (status.ok()) return made;
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(absl::StrCat("the node does not answer at ", socket,
                                               ": a backup is made by the running node"));
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

absl::Status CopySeed(const Config& config, const std::string& folder) {
  const std::string copy = (fs::path(folder) / kSeedCopy).string();
  const auto seed = client::ReadSecretFile(config.seed_file, kKeyFileBytesMax);
  if (!seed.ok()) return seed.status();
  return client::ReplaceFile(copy, *seed, client::kSecretMode);
}

absl::StatusOr<storage::BackupInfo> FindBackup(const RestoreOptions& options) {
  const auto backups = storage::ListBackups(options.folder);
  if (!backups.ok()) return backups.status();
  for (auto backup = backups->rbegin(); backup != backups->rend(); ++backup) {
    if (!options.backup || *options.backup == backup->id) return *backup;
  }
  return absl::NotFoundError(
      options.backup ? absl::StrCat("there is no whole backup ", *options.backup, " in ",
                                    options.folder, ": assent-node backups lists them")
                     : absl::StrCat("there are no backups in ", options.folder));
}

// On its operator's word, of the restored database of a node that nobody else could tell of its
// votes. FailedPrecondition: others vote, and are asked instead; the database is gone again.
absl::Status LetVote(const storage::OpenOptions& restored) {
  std::size_t voters = 0;
  {
    const auto store = storage::RocksStore::Open(restored);
    if (!store.ok()) return store.status();
    voters = rules::VotersOf((*store)->Read()->state()).size();
    if (voters == 1) {
      replica::Batch batch;
      batch.restoring = false;
      return (*store)->Write(batch);
    }
  }
  std::error_code error;
  fs::remove_all(restored.path, error);
  return absl::FailedPreconditionError(
      absl::StrCat("--no-later-copy is for a ledger's only voter; by this backup it has ", voters,
                   ", and the others are asked instead: restore it without"));
}

}  // namespace

int Backup(const std::string& path, const BackupOptions& options) {
  const auto config = LoadConfig(path);
  if (!config.ok()) return Refuse(config.status());
  if (config->admin_socket.empty()) {
    return Refuse(absl::FailedPreconditionError(
        absl::StrCat(path, ": admin.socket is missing: the running node is asked through it")));
  }
  const std::string folder = fs::absolute(options.folder).lexically_normal().string();
  if (IsWithin(folder, config->data_dir)) {
    return Refuse(absl::InvalidArgumentError(absl::StrCat(
        folder, " is in the data folder: a backup beside what it is of is lost together with it")));
  }
  const auto made = AskForBackup(config->admin_socket, folder);
  if (!made.ok()) return Refuse(made.status());
  if (auto status = storage::VerifyBackup(folder, made->backup()); !status.ok()) {
    return Refuse(status);
  }
  std::printf("backup %u in %s: height %" PRIu64 " or above, checksums good\n", made->backup(),
              folder.c_str(), made->height());
  if (options.with_seed) {
    if (auto status = CopySeed(*config, folder); !status.ok()) return Refuse(status);
    std::printf("the node's seed is in %s/%s: keep the folder as secret as the seed\n",
                folder.c_str(), kSeedCopy);
  }
  if (options.keep > 0) {
    const auto gone = storage::PruneBackups(folder, options.keep);
    if (!gone.ok()) return Refuse(gone.status());
    std::printf("removed %u old backups\n", *gone);
  }
  return kDone;
}

int ListBackups(const std::string& folder, bool check) {
  const auto backups = storage::ListBackups(folder);
  if (!backups.ok()) return Refuse(backups.status());
  int result = kDone;
  for (const storage::BackupInfo& backup : *backups) {
    std::printf("%u  %s  height %" PRIu64 "  %" PRIu64 " files, %" PRIu64 " bytes  ledger %s",
                backup.id, FormatTime(backup.made).c_str(), backup.height.value(), backup.files,
                backup.bytes, backup.ledger.hex().c_str());
    const absl::Status status = check ? storage::VerifyBackup(folder, backup.id) : absl::OkStatus();
    std::printf("%s\n", !check ? "" : status.ok() ? "  checksums good" : "  DAMAGED");
    if (!status.ok()) result = Refuse(status);
  }
  return result;
}

int Restore(const std::string& path, const RestoreOptions& options) {
  const auto loaded = Load(path);
  if (!loaded.ok()) return Refuse(loaded.status());
  const auto& [config, identity] = *loaded;
  const auto backup = FindBackup(options);
  if (!backup.ok()) return Refuse(backup.status());
  if (backup->ledger != identity.act.ledger_id) {
    return Refuse(absl::FailedPreconditionError(
        absl::StrCat("backup ", backup->id, " is of ledger ", backup->ledger.hex(),
                     ", the founding act is that of ledger ", identity.act.ledger_id.hex())));
  }
  const storage::OpenOptions target = OptionsFor(config, identity);
  auto status = storage::RocksStore::Restore(options.folder, backup->id, target);
  if (status.ok() && options.sole_copy) status = LetVote(target);
  if (!status.ok()) return Refuse(status);
  std::printf(
      "restored backup %u of %s, height %" PRIu64 " or above, into %s; %s\n", backup->id,
      FormatTime(backup->made).c_str(), backup->height.value(), config.data_dir.c_str(),
      options.sole_copy
          ? "it votes from the start"
          : "it fetches what is newer, and votes when the others have told it where they are");
  if (identity.act.text.founders.size() == 1 && !options.sole_copy)
    std::fputs(kNobodyToAsk, stdout);
  return kDone;
}

}  // namespace assent::node
