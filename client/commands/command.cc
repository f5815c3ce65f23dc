#include "client/commands/command.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/errors.h"
#include "client/files.h"

namespace assent::client {
namespace {

constexpr int kTimeoutMax_s = 24 * 3'600;
constexpr char kConnectionGroup[] = "Connection";
constexpr char kSigningGroup[] = "Signing";

void AddConfig(CLI::App* command, Invocation& invocation) {
  if (command->get_option_no_throw("--config") != nullptr) return;
  command
      ->add_option(
          "--config", invocation.config,
          "configuration file [~/.config/assent/config.toml]: node, act, member, node_key, reader, "
          "authority, passphrase_file, releaser, releaser_passphrase_file, code")
      ->type_name("FILE");
}

void AddActOption(CLI::App* command, Invocation& invocation) {
  if (command->get_option_no_throw("--act") != nullptr) return;
  command->add_option("--act", invocation.flags.act, "founding act of the ledger")
      ->type_name("FILE")
      ->group(kConnectionGroup);
}

void Write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

absl::StatusOr<Settings> Invocation::ResolveSettings() const {
  Settings settings = flags;
  std::string path = config;
  if (path.empty()) {
    path = DefaultConfigPath();
    std::error_code error;
    if (path.empty() || !std::filesystem::exists(path, error)) return settings;
  }
  const auto file = ReadConfig(path);
  if (!file.ok()) return file.status();
  settings.FillFrom(*file);
  return settings;
}

absl::StatusOr<std::unique_ptr<Session>> Invocation::Connect() const {
  const auto settings = ResolveSettings();
  if (!settings.ok()) return settings.status();
  return Session::Open(*settings, std::chrono::seconds(timeout_s));
}

absl::StatusOr<FoundingAct> Invocation::LoadLedgerAct() const {
  const auto settings = ResolveSettings();
  if (!settings.ok()) return settings.status();
  if (settings->act.empty()) {
    return UsageError("--act is needed (or \"act\" in the configuration file)");
  }
  return LoadAct(settings->act);
}

CLI::App* AddCommand(CLI::App& parent, const std::string& name, const std::string& description,
                     const std::vector<std::string>& examples) {
  CLI::App* command = parent.add_subcommand(name, description);
  if (!examples.empty()) {
    std::string footer = "Examples:";
    for (const std::string& example : examples) footer += "\n  assent " + example;
    command->footer(footer);
  }
  return command;
}

void SetRun(CLI::App* command, Invocation& invocation, std::function<absl::Status()> run) {
  command->callback([&invocation, run = std::move(run)] { invocation.run = run; });
}

void AddJson(CLI::App* command, Invocation& invocation) {
  command->add_flag("--json", invocation.json, "print JSON for programs");
}

void AddAct(CLI::App* command, Invocation& invocation) {
  AddActOption(command, invocation);
  AddConfig(command, invocation);
}

void AddConnection(CLI::App* command, Invocation& invocation) {
  Settings& flags = invocation.flags;
  command->add_option("--node", flags.node, "client port of a node")
      ->type_name("HOST:PORT")
      ->group(kConnectionGroup);
  AddNodeName(command, invocation);
  command->add_option("--timeout", invocation.timeout_s, "seconds to wait for an answer")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, kTimeoutMax_s))
      ->group(kConnectionGroup);
}

void AddNodeName(CLI::App* command, Invocation& invocation) {
  Settings& flags = invocation.flags;
  AddActOption(command, invocation);
  command
      ->add_option("--member", flags.member,
                   "state whose node it is: only its key is accepted [any founder's]")
      ->type_name("CODE")
      ->group(kConnectionGroup);
  command
      ->add_option(
          "--node-key", flags.node_key,
          "its transport key, hex, when the founding act does not name it (assent members --json)")
      ->type_name("HEX")
      ->group(kConnectionGroup);
  command->add_option("--reader", flags.reader, "reader key: who asks [nobody: PUBLIC only]")
      ->type_name("FILE")
      ->group(kConnectionGroup);
  AddConfig(command, invocation);
}

void AddSigning(CLI::App* command, Invocation& invocation) {
  command
      ->add_option("--authority", invocation.flags.authority,
                   "authority key, a sealed file or in a token (pkcs11:token=...;object=...): who "
                   "signs")
      ->type_name("FILE|URI")
      ->group(kSigningGroup);
  command
      ->add_option("--passphrase-file", invocation.flags.passphrase_file,
                   "read its passphrase or PIN from here [asked on the terminal]")
      ->type_name("FILE")
      ->group(kSigningGroup);
  AddConfig(command, invocation);
}

void AddReleasing(CLI::App* command, Invocation& invocation) {
  command
      ->add_option("--releaser", invocation.flags.releaser,
                   "releaser's key, a sealed file or in a token: who releases, where the state has "
                   "named releasers")
      ->type_name("FILE|URI")
      ->group(kSigningGroup);
  command
      ->add_option("--releaser-passphrase-file", invocation.flags.releaser_passphrase_file,
                   "read its passphrase or PIN from here [asked on the terminal]")
      ->type_name("FILE")
      ->group(kSigningGroup);
  AddConfig(command, invocation);
}

void AddCode(CLI::App* command, Invocation& invocation) {
  command->add_option("--code", invocation.flags.code, "code of your state")->type_name("CODE");
}

absl::Status CheckOneOutput(const std::string& path, bool json) {
  if (!json || path != "-") return absl::OkStatus();
  return UsageError("--json prints on standard output as well: give a file instead of \"-\"");
}

absl::Status WriteResult(const std::string& path, const std::string& content, Tree facts,
                         bool json) {
  if (auto status = CheckOneOutput(path, json); !status.ok()) return status;
  if (path == "-") {
    Print(content);
    return absl::OkStatus();
  }
  if (auto status = WriteNewFile(path, content, kPublicMode); !status.ok()) return status;
  if (json) {
    facts.Add("written", Tree::Of(path));
    Print(ToJson(facts));
  } else {
    PrintError(absl::StrCat("written: ", path, "\n"));
  }
  return absl::OkStatus();
}

void Print(std::string_view text) { Write(stdout, text); }
void PrintError(std::string_view text) { Write(stderr, text); }

absl::StatusOr<Duration> ParseDuration(const std::string& text) {
  const auto fault = [&] {
    return UsageError(absl::StrCat("\"", text, "\" is no duration: 90s, 15m, 24h, 60d"));
  };
  if (text.empty()) return fault();
  std::int64_t unit_s = 0;
  switch (text.back()) {
    case 's':
      unit_s = 1;
      break;
    case 'm':
      unit_s = 60;
      break;
    case 'h':
      unit_s = 3'600;
      break;
    case 'd':
      unit_s = 86'400;
      break;
    default:
      return fault();
  }
  constexpr std::uint32_t kCountMax = 1'000'000;
  std::uint32_t count = 0;
  if (!absl::SimpleAtoi(text.substr(0, text.size() - 1), &count) || count == 0 ||
      count > kCountMax) {
    return fault();
  }
  return Seconds(count * unit_s);
}

absl::StatusOr<MemberCode> OwnCode(const Settings& settings) {
  if (settings.code.empty()) {
    return UsageError("--code is needed (or \"code\" in the configuration file)");
  }
  const auto code = MemberCode::From(settings.code);
  if (!code) {
    return UsageError(
        absl::StrCat("\"", settings.code, "\" is no code of a state: 3 to 8 letters A-Z"));
  }
  return *code;
}

}  // namespace assent::client
