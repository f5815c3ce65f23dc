// What the commands of `assent-node` share, and those that have a file of their own. Each returns
// the exit code and has said why.
#ifndef ASSENT_NODE_COMMANDS_COMMAND_H_
#define ASSENT_NODE_COMMANDS_COMMAND_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/config.h"
#include "node/identity.h"
#include "node/storage/rocks_store.h"

namespace assent::node {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// Of a database that restores where one state founded the ledger: whether others vote by now, only
// they know.
inline constexpr char kNobodyToAsk[] =
    "if this node is the ledger's only voter it waits for ever: remove the database, and say "
    "--no-later-copy when no later copy of its data exists\n";

// Says why on standard error.
int Refuse(const absl::Status& status);

// Configuration and identity, as every command needs them.
absl::StatusOr<std::pair<Config, Identity>> Load(const std::string& path);
storage::OpenOptions OptionsFor(const Config& config, const Identity& identity);

struct CheckOptions {
  bool json = false;
  bool peers = true;  // dial them
};
int Check(const std::string& path, const CheckOptions& options);

inline constexpr std::size_t kFsckThreadsMax = 256;
struct FsckOptions {
  bool json = false;
  std::size_t threads = std::max(1u, std::thread::hardware_concurrency());
};
int Fsck(const std::string& config, const FsckOptions& options);

struct BackupOptions {
  std::string folder;
  std::uint32_t keep = 0;  // 0: all
  bool with_seed = false;
};
int Backup(const std::string& path, const BackupOptions& options);

// `check`: their files, too.
int ListBackups(const std::string& folder, bool check);

struct RestoreOptions {
  std::string folder;
  std::optional<std::uint32_t> backup;  // the newest when absent
  bool sole_copy = false;
};
int Restore(const std::string& path, const RestoreOptions& options);

// Below `folder`; the node must be stopped.
int ExportTiles(const std::string& path, const std::string& folder);

}  // namespace assent::node

#endif  // ASSENT_NODE_COMMANDS_COMMAND_H_
