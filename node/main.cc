// assent-node: one state's node. Commands: init, check, run, inspections, fsck, backup, backups,
// restore, tiles, completion.
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/command_words.h"
#include "ledger/rules/rules.h"
#include "manual/man_page.h"
#include "node/commands/command.h"
#include "node/descriptors.h"
#include "node/inspection/read_log.h"
#include "node/journal_stream.h"
#include "node/node.h"
#include "node/service_manager.h"
#include "node/spdlog_log.h"
#include "node/storage/rocks_store.h"
#include "transport/libraries.h"

namespace assent::node {
namespace {

int Init(const std::string& path, bool founding, bool sole_copy) {
  auto loaded = Load(path);
  if (!loaded.ok()) return Refuse(loaded.status());
  const auto& [config, identity] = *loaded;
  // A mirror has no votes that it could have forgotten.
  if (config.mirror()) founding = true;
  const auto& founders = identity.act.text.founders;
  if (sole_copy && (founders.size() > 1 || founders.front().code != identity.self)) {
    return Refuse(absl::FailedPreconditionError(
        "--no-later-copy is for a ledger of one; the others of this one are asked instead"));
  }
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error) {
    return Refuse(absl::InternalError(
        absl::StrCat("cannot make the data folder ", config.data_dir, ": ", error.message())));
  }
  const auto start = founding || sole_copy ? storage::Start::kFounding : storage::Start::kRestoring;
  const auto status = storage::RocksStore::Create(OptionsFor(config, identity),
                                                  rules::MakeGenesis(identity.act), start);
  if (!status.ok()) return Refuse(status);
  std::printf("initialised %s for %s on ledger %s; %s\n", config.data_dir.c_str(),
              config.mirror() ? "a mirror" : identity.self.str().c_str(),
              identity.act.ledger_id.hex().c_str(),
              config.mirror() ? "it votes never"
              : founding || sole_copy
                  ? "it votes from the start"
                  : "it restores, and votes when the others have told it where they are");
  if (founders.size() == 1 && start == storage::Start::kRestoring) std::fputs(kNobodyToAsk, stdout);
  return kDone;
}

int Run(const std::string& path) {
  auto loaded = Load(path);
  if (!loaded.ok()) return Refuse(loaded.status());
  const auto descriptors = RaiseDescriptorLimit();
  if (!descriptors.ok()) return Refuse(descriptors.status());

  // Signals are taken from a descriptor; all threads that start from here inherit the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const int signal_fd = ::signalfd(-1, &signals, SFD_CLOEXEC);

  const char* journal = std::getenv("JOURNAL_STREAM");
  SpdlogLog log({loaded->first.log_level, loaded->first.log_format,
                 IsJournal(STDERR_FILENO, journal == nullptr ? "" : journal),
                 loaded->second.act.ledger_id.hex()});
  ServiceManager manager;
  Node node(std::move(loaded->first), std::move(loaded->second), *descriptors, &log, &manager);
  absl::Status status = node.Start();
  if (status.ok()) {
    status = node.Wait(signal_fd);
    if (status.ok()) log.Write(replica::LogLevel::kInfo, "stopping", {{"why", "asked to"}});
  }
  manager.Stops();
  node.Stop();
  ::close(signal_fd);
  if (!status.ok()) return Refuse(status);
  log.Write(replica::LogLevel::kInfo, "stopped", {});
  return kDone;
}

void PrintRead(const v1::InspectorRead& read) {
  std::printf("%s  height %" PRIu64 "  key %s  accreditations %s  %s  bodies %" PRIu64 "  %s\n",
              read.time().c_str(), read.height(), read.key().c_str(),
              absl::StrJoin(read.accreditations(), ",").c_str(), read.method().c_str(),
              read.bodies(), read.asked().c_str());
}

int Inspections(const std::string& path, const std::string& key) {
  const auto config = LoadConfig(path);
  if (!config.ok()) return Refuse(config.status());
  const auto damaged =
      inspection::ReadAll(config->inspection_log, [&](const v1::InspectorRead& read) {
        if (key.empty() || read.key() == key) PrintRead(read);
      });
  if (!damaged.ok()) return Refuse(damaged.status());
  if (*damaged > 0) {
    std::fprintf(stderr, "assent-node: %zu lines of %s were cut off and are left out\n", *damaged,
                 config->inspection_log.c_str());
  }
  return kDone;
}

int Main(int argc, char** argv) {
  // The data folder holds what only members may read.
  ::umask(S_IRWXG | S_IRWXO);
  CLI::App app{
      "One state's node of an Assent ledger.\n\nExit status: 0 done, 1 refused or failed, 2 "
      "usage."};
  app.name("assent-node");
  app.set_version_flag("--version", ASSENT_VERSION);
  app.require_subcommand(1);

  std::string config;
  std::string key;
  bool founding = false;
  bool sole_copy = false;
  const auto add = [&](const char* name, const char* what, const char* examples) {
    CLI::App* command = app.add_subcommand(name, what);
    command->add_option("--config,-c", config, "configuration file")->required()->type_name("FILE");
    command->footer(examples);
    return command;
  };
  CLI::App* init = add("init", "Makes the data folder.",
                       "Examples:\n  assent-node init --config node.toml --new-seed\n"
                       "  assent-node init --config node.toml      # a folder that was lost");
  init->add_flag("--new-seed", founding, "the node has never voted: it may from the start");
  init->add_flag("--no-later-copy", sole_copy,
                 "only voter of the ledger: no later copy of its data exists");
  CheckOptions check_options;
  bool no_peers = false;
  CLI::App* check = add("check",
                        "Says all that is wrong: configuration, act, keys, folders, database, "
                        "clock, disk, ports, peers. Changes nothing; the node may run.",
                        "Examples:\n  assent-node check --config node.toml\n"
                        "  assent-node check --config node.toml --no-peers   # none runs yet\n"
                        "  assent-node check --config node.toml --json");
  check->add_flag("--json", check_options.json, "for programs");
  check->add_flag("--no-peers", no_peers, "do not dial the other nodes");
  CLI::App* run =
      add("run", "Runs until SIGTERM.", "Example:\n  assent-node run --config node.toml");
  CLI::App* inspections =
      add("inspections", "Shows what inspectors have read at this node, oldest first.",
          "Example:\n  assent-node inspections --config node.toml");
  std::string shell;
  CLI::App* completion =
      app.add_subcommand("completion", "Prints a script that completes commands in a shell.");
  completion->add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer("Example:\n  assent-node completion bash");
  std::optional<absl::Status> pages;
  manual::AddManualCommand(app, "assent-node " ASSENT_VERSION,
                           [&pages](const absl::Status& written) { pages = written; });
  inspections->add_option("--key", key, "only what this public key has read")->type_name("HEX");

  FsckOptions fsck_options;
  CLI::App* fsck =
      add("fsck",
          "Computes the stored ledger anew from the founding act, and compares all of it; changes "
          "nothing. The node must be stopped.",
          "Examples:\n  assent-node fsck --config node.toml\n"
          "  assent-node fsck --config node.toml --json");
  fsck->add_flag("--json", fsck_options.json, "for programs");
  fsck->add_option("--threads", fsck_options.threads, "threads that check signatures")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, kFsckThreadsMax));
  BackupOptions backup_options;
  CLI::App* backup = add("backup", "Makes a backup of the running node's database, and checks it.",
                         "Examples:\n  assent-node backup --config node.toml --to /backup/assent\n"
                         "  assent-node backup --config node.toml --to /backup/assent --keep 30");
  backup
      ->add_option("--to", backup_options.folder,
                   "folder of backups; what is in it is not copied again")
      ->required()
      ->type_name("DIR");
  backup
      ->add_option("--keep", backup_options.keep,
                   "remove all but the newest N afterwards [all are kept]")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  backup->add_flag("--with-seed", backup_options.with_seed,
                   "copy the node's secret seed into the folder as well");
  std::string from;
  CLI::App* backups = app.add_subcommand("backups", "Lists the backups in a folder, oldest first.");
  backups->add_option("--from", from, "folder of backups")->required()->type_name("DIR");
  bool check_files = false;
  backups->add_flag("--check", check_files, "read all their files, and compare checksums");
  backups->footer("Example:\n  assent-node backups --from /backup/assent --check");
  RestoreOptions restore_options;
  CLI::App* restore =
      add("restore",
          "Makes the data folder from a backup. The node then asks the others up to where it may "
          "have voted, before it votes again.",
          "Examples:\n  assent-node restore --config node.toml --from /backup/assent\n"
          "  assent-node restore --config node.toml --from /backup/assent --backup 7");
  restore->add_option("--from", restore_options.folder, "folder of backups")
      ->required()
      ->type_name("DIR");
  restore->add_option("--backup", restore_options.backup, "number of the backup [the newest]")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  restore->add_flag(
      "--no-later-copy", restore_options.sole_copy,
      "only voter of the ledger: no later copy of its data exists, and this backup is the newest");
  std::string tiles_folder;
  CLI::App* tiles =
      add("tiles",
          "Writes the log as static tiles (C2SP tlog-tiles), for any web server. The node "
          "must be stopped.",
          "Example:\n  assent-node tiles --config node.toml --out /var/www/ledger");
  tiles
      ->add_option("--out", tiles_folder,
                   "folder; full tiles that are there already are not written again")
      ->required()
      ->type_name("DIR");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (pages) return pages->ok() ? kDone : Refuse(*pages);
  if (completion->parsed()) {
    std::fputs(client::CompletionFor(shell, client::WordsOf(app)).c_str(), stdout);
    return kDone;
  }
  if (init->parsed()) return Init(config, founding, sole_copy);
  if (check->parsed()) {
    check_options.peers = !no_peers;
    return Check(config, check_options);
  }
  if (run->parsed()) return Run(config);
  if (inspections->parsed()) return Inspections(config, key);
  if (fsck->parsed()) return Fsck(config, fsck_options);
  if (backup->parsed()) return Backup(config, backup_options);
  if (backups->parsed()) return ListBackups(from, check_files);
  if (restore->parsed()) return Restore(config, restore_options);
  if (tiles->parsed()) return ExportTiles(config, tiles_folder);
  return kUsage;
}

}  // namespace
}  // namespace assent::node

int main(int argc, char** argv) {
  assent::transport::SetUpLibraries();
  return assent::node::Main(argc, argv);
}
