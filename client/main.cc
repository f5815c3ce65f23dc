// The `assent` command line: puts the commands together, parses, runs one, and turns what became of
// it into an exit code.
#include <CLI/CLI.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/compare_command.h"
#include "client/errors.h"
#include "client/terminal.h"
#include "manual/man_page.h"
#include "transport/libraries.h"

namespace {

using namespace assent::client;  // NOLINT(build/namespaces): this file is the client's entry point

constexpr char kFooter[] =
    "Exit codes: 0 done, 1 refused or failed, 2 the command line was not understood.\n"
    "Defaults (node, act, member, node_key, reader, authority, releaser, code) come from "
    "~/.config/assent/config.toml.\n"
    "assent COMMAND --help tells more, with examples.";

void AddCommands(CLI::App& app, Invocation& invocation) {
  AddRecordCommands(app, invocation);
  AddImportCommand(app, invocation);
  AddRevisionCommands(app, invocation);
  AddReadCommands(app, invocation);
  AddAskCommand(app, invocation);
  AddComplianceCommands(app, invocation);
  AddReceiptCommands(app, invocation);
  AddAuditCommand(app, invocation);
  AddCompareCommand(app, invocation);
  AddVotingProofCommand(app, invocation);
  AddRestartCommands(app, invocation);
  AddLogLevelCommand(app, invocation);
  AddSubscriptionCommands(app, invocation);
  AddInspectorCommands(app, invocation);
  AddAccessCommand(app, invocation);
  AddLedgerCommands(app, invocation);
  AddKeyCommands(app, invocation);
  AddFoundCommands(app, invocation);
  AddCompletionCommand(app, invocation);
  assent::manual::AddManualCommand(app, "assent " ASSENT_VERSION,
                                   [&invocation](const absl::Status& written) {
                                     invocation.run = [written] { return written; };
                                   });
}

// Positional arguments are called what they are; "TEXT" behind them says nothing more.
void DropTypeNames(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_positional()) option->type_name("");
  }
  for (CLI::App* inner : command.get_subcommands([](const CLI::App*) { return true; })) {
    DropTypeNames(*inner);
  }
}

// 0 for --help and --version, else the exit code of a usage error.
int ExitParse(CLI::App& app, const CLI::ParseError& error) {
  return app.exit(error) == 0 ? kExitDone : kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  assent::transport::SetUpLibraries();
  CLI::App app("Files, reads and checks entries of an Assent ledger.", "assent");
  app.footer(kFooter);
  app.set_version_flag("--version", "assent " ASSENT_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    std::string name;
    for (const CLI::App* at = failed; at != nullptr; at = at->get_parent()) {
      name = at->get_name() + (name.empty() ? "" : " ") + name;
    }
    return absl::StrCat("assent: ", error.what(), "\n", name, " --help tells more\n");
  });
  Invocation invocation;
  AddCommands(app, invocation);
  DropTypeNames(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return ExitParse(app, error);
  }
  const absl::Status status = invocation.run();
  if (status.ok()) return kExitDone;
  PrintError(absl::StrCat("assent: ", Printable(Describe(status), true), "\n"));
  return ExitCodeOf(status);
}
