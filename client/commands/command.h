// What all commands share: options that mean the same everywhere, the settings behind them, and
// output.
#ifndef ASSENT_CLIENT_COMMANDS_COMMAND_H_
#define ASSENT_CLIENT_COMMANDS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/session.h"
#include "client/settings.h"
#include "client/tree.h"

namespace assent::client {

// One call of the program: filled while the command line is parsed, then run.
class Invocation {
 public:
  // What the chosen command does; set by its parse callback.
  std::function<absl::Status()> run;

  Settings flags;      // as given on the command line
  std::string config;  // --config
  int timeout_s = static_cast<int>(kCallTimeoutDefault.count());
  bool json = false;

  // The flags, completed from the configuration file. A default file need not exist.
  absl::StatusOr<Settings> ResolveSettings() const;
  // A session with these settings.
  absl::StatusOr<std::unique_ptr<Session>> Connect() const;
  absl::StatusOr<FoundingAct> LoadLedgerAct() const;
};

// Adds a command with its help and examples ("assent " is put before each).
CLI::App* AddCommand(CLI::App& parent, const std::string& name, const std::string& description,
                     const std::vector<std::string>& examples);
// Makes `run` what the invocation does when this command was chosen.
void SetRun(CLI::App* command, Invocation& invocation, std::function<absl::Status()> run);

// --json
void AddJson(CLI::App* command, Invocation& invocation);
// --act, --config
void AddAct(CLI::App* command, Invocation& invocation);
// --node, --act, --member, --reader, --timeout, --config
void AddConnection(CLI::App* command, Invocation& invocation);
// --act, --member, --node-key, --reader, --config
void AddNodeName(CLI::App* command, Invocation& invocation);
// --authority, --passphrase-file, --config
void AddSigning(CLI::App* command, Invocation& invocation);
// --releaser, --releaser-passphrase-file, --config
void AddReleasing(CLI::App* command, Invocation& invocation);
// --code
void AddCode(CLI::App* command, Invocation& invocation);

// UsageError when `path` is standard output ("-") and --json would write there too.
absl::Status CheckOneOutput(const std::string& path, bool json);

// Writes a file that must not exist yet and says so: in words, or to a program as `facts` and
// "written". "-" is standard output, for the content alone.
absl::Status WriteResult(const std::string& path, const std::string& content, Tree facts,
                         bool json);

// Writes to standard output or standard error.
void Print(std::string_view text);
void PrintError(std::string_view text);

// "90s", "15m", "24h", "60d".
absl::StatusOr<Duration> ParseDuration(const std::string& text);
// The setting, or UsageError that it is needed.
absl::StatusOr<MemberCode> OwnCode(const Settings& settings);

// Every command family adds its commands.
void AddAccessCommand(CLI::App& app, Invocation& invocation);
void AddKeyCommands(CLI::App& app, Invocation& invocation);
void AddFoundCommands(CLI::App& app, Invocation& invocation);
void AddRecordCommands(CLI::App& app, Invocation& invocation);
void AddImportCommand(CLI::App& app, Invocation& invocation);
void AddRevisionCommands(CLI::App& app, Invocation& invocation);
void AddReadCommands(CLI::App& app, Invocation& invocation);
void AddVotingProofCommand(CLI::App& app, Invocation& invocation);
void AddRestartCommands(CLI::App& app, Invocation& invocation);
void AddLogLevelCommand(CLI::App& app, Invocation& invocation);
void AddSubscriptionCommands(CLI::App& app, Invocation& invocation);
void AddInspectorCommands(CLI::App& app, Invocation& invocation);
void AddLedgerCommands(CLI::App& app, Invocation& invocation);
void AddReceiptCommands(CLI::App& app, Invocation& invocation);
void AddAskCommand(CLI::App& app, Invocation& invocation);
void AddComplianceCommands(CLI::App& app, Invocation& invocation);
void AddAuditCommand(CLI::App& app, Invocation& invocation);
void AddCompletionCommand(CLI::App& app, Invocation& invocation);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_COMMAND_H_
