// assent found new, add, sign, merge, check: the founding act, made offline and passed around as a
// file.
#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/commands/command.h"
#include "client/default_classes.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/key_store.h"
#include "client/table.h"
#include "client/terminal.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"

namespace assent::client {
namespace {

constexpr std::array<KeyRole, 5> kKeyRoles = {KeyRole::kAuthority, KeyRole::kVote,
                                              KeyRole::kCheckpoint, KeyRole::kTransport,
                                              KeyRole::kReader};

Time NowInSeconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Time{0} + Seconds(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

// For programs: what stands in an act and who has signed it.
Tree ActTree(const FoundingAct& act, bool complete) {
  Tree::List founders;
  for (const Founder& founder : act.text.founders) {
    Tree item = Tree::OfMap();
    item.Add("code", Tree::Of(founder.code.str()));
    item.Add("name", Tree::Of(founder.name));
    item.Add("endpoint", Tree::Of(founder.peer_endpoint));
    for (const KeyRole key : kKeyRoles) {
      item.Add(absl::StrCat(AbslView(KeyRoleName(key)), "_signed"),
               Tree::Of(act.signatures.contains({founder.code, key})));
    }
    founders.push_back(std::move(item));
  }
  Tree tree = Tree::OfMap();
  tree.Add("ledger_id", Tree::Of(act.ledger_id.hex()));
  tree.Add("origin", Tree::Of(act.text.origin));
  tree.Add("founded", Tree::Of(act.text.founded));
  tree.Add("complete", Tree::Of(complete));
  tree.Add("founders", Tree{std::move(founders), 0});
  return tree;
}

enum class Overwrite { kNo, kYes };

// Writes an act's file, and tells a program what is in it now. What cannot be read back is refused
// before it is written.
absl::Status SaveAct(const FoundingAct& act, const std::string& path, Overwrite overwrite,
                     bool json) {
  const std::string text = FormatAct(act);
  const auto written = ParseAct(text);
  if (!written.ok()) return written.status();
  auto status = overwrite == Overwrite::kYes ? ReplaceFile(path, text, kPublicMode)
                                             : WriteNewFile(path, text, kPublicMode);
  if (!status.ok() || !json) return status;
  Tree tree = ActTree(*written, CheckAct(*written).ok());
  tree.Add("written", Tree::Of(path));
  Print(ToJson(tree));
  return absl::OkStatus();
}

struct NewOptions {
  std::string origin;
  std::string text;
  std::string title;
  std::string founded;
  std::string classes;
  std::string output = "act.txt";
  std::vector<std::pair<std::string, Duration ActParameters::*>> names;
  std::vector<std::string> durations;
  std::uint32_t entries_per_day = ActParameters().entries_per_author_and_day;
};

absl::StatusOr<ActText> BuildText(const NewOptions& options) {
  ActText text;
  text.origin = options.origin;
  if (auto status = CheckOrigin(text.origin); !status.ok()) {
    return UsageError(absl::StrCat("--origin: ", status.message()));
  }
  text.founded = NowInSeconds();
  if (!options.founded.empty()) {
    const auto founded = ParseTime(options.founded);
    if (!founded.ok()) return UsageError(absl::StrCat("--founded: ", founded.status().message()));
    text.founded = *founded;
  }
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    if (options.durations[i].empty()) continue;
    const auto duration = ParseDuration(options.durations[i]);
    if (!duration.ok()) return duration.status();
    text.parameters.*options.names[i].second = *duration;
  }
  text.parameters.entries_per_author_and_day = options.entries_per_day;
  text.classes = DefaultClasses();
  if (!options.classes.empty()) {
    const auto file = ReadFile(options.classes, kRecordFileBytesMax);
    if (!file.ok()) return file.status();
    auto classes = ParseClasses(*file, options.classes);
    if (!classes.ok()) return classes.status();
    text.classes = *std::move(classes);
  }
  text.code_title = options.title;
  auto code = ReadFile(options.text, kActBytesMax);
  if (!code.ok()) return code.status();
  text.code_text = *std::move(code);
  return text;
}

void AddNewAct(CLI::App& found, Invocation& invocation) {
  auto options = std::make_shared<NewOptions>();
  options->names = {{"--notification-lead", &ActParameters::notification_lead},
                    {"--report-due", &ActParameters::report_due},
                    {"--comment-period", &ActParameters::comment_period},
                    {"--signature-period", &ActParameters::signature_period},
                    {"--heartbeat", &ActParameters::heartbeat},
                    {"--max-clock-skew", &ActParameters::max_clock_skew}};
  const std::vector<std::string> help = {
      "a notification is timely when it is final so long before its window [24h]",
      "a report is due so long after the window [48h]",
      "comments on a draft [60d]",
      "a round of signatures lapses after this [180d]",
      "an empty block proves so often that the ledger lives [60s]",
      "block times may differ so much from a node's clock [10s]"};
  options->durations.resize(options->names.size());
  CLI::App* command = AddCommand(found, "new", "begin a founding act",
                                 {"found new --origin code.example/assent --text code.txt --title "
                                  "\"Code of Conduct\" -o act.txt"});
  command->add_option("--origin", options->origin, "name of the ledger, like a URL without schema")
      ->required();
  command->add_option("--text", options->text, "file with the text of the Code, revision 0")
      ->required()
      ->type_name("FILE");
  command->add_option("--title", options->title, "title of the Code")->required();
  command->add_option("--founded", options->founded, "time of founding [now]")->type_name("TIME");
  command->add_option("--classes", options->classes, "class list as TOML [a list of nine]")
      ->type_name("FILE");
  for (std::size_t i = 0; i < help.size(); ++i) {
    command->add_option(options->names[i].first, options->durations[i], help[i])
        ->type_name("DURATION")
        ->group("Parameters");
  }
  command
      ->add_option("--entries-per-day", options->entries_per_day,
                   "entries that one state may file a day")
      ->capture_default_str()
      ->check(CLI::Range(1u, kAuthorEntriesPerDayLimit))
      ->group("Parameters");
  command->add_option("-o,--output", options->output, "file to write")
      ->type_name("FILE")
      ->capture_default_str();
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    auto text = BuildText(*options);
    if (!text.ok()) return text.status();
    FoundingAct act;
    act.text = *std::move(text);
    return SaveAct(act, options->output, Overwrite::kNo, invocation.json);
  });
}

struct AddOptions {
  std::string act;
  std::string code;
  std::string name;
  std::string authority_key;
  std::string node;
  std::string reader;
  std::string endpoint;
  bool drop_signatures = false;
};

absl::Status AddFounder(const AddOptions& options, bool json) {
  auto act = LoadDraftAct(options.act);
  if (!act.ok()) return act.status();
  if (!act->signatures.empty() && !options.drop_signatures) {
    return absl::FailedPreconditionError(
        "the act is signed already, and a founder more makes it another act: "
        "--drop-signatures if all are to sign anew");
  }
  const auto code = MemberCode::From(options.code);
  if (!code)
    return UsageError(absl::StrCat("\"", options.code, "\" is no code: 3 to 8 letters A-Z"));
  if (FindFounder(*act, *code) != nullptr) {
    return absl::AlreadyExistsError(absl::StrCat(options.code, " is in the act already"));
  }
  const auto authority = PublicKeyFrom(options.authority_key, KeyPurpose::kAuthority);
  if (!authority.ok()) return authority.status();
  const auto node = LoadPublicKeys(options.node, KeyPurpose::kNode);
  if (!node.ok()) return node.status();
  const auto reader = PublicKeyFrom(options.reader, KeyPurpose::kReader);
  if (!reader.ok()) return reader.status();
  auto& founders = act->text.founders;
  founders.push_back({*code, options.name, *authority, node->vote, node->checkpoint,
                      node->transport, *reader, options.endpoint});
  std::sort(founders.begin(), founders.end(),
            [](const Founder& a, const Founder& b) { return a.code < b.code; });
  act->signatures.clear();  // what was signed was another text
  return SaveAct(*act, options.act, Overwrite::kYes, json);
}

void AddAdd(CLI::App& found, Invocation& invocation) {
  auto options = std::make_shared<AddOptions>();
  CLI::App* command = AddCommand(
      found, "add", "add a founder to an act that nobody has signed yet",
      {"found add act.txt --code FRA --name France --authority-key fra-authority.key.pub \\\n"
       "      --node fra-node.seed.pub --reader fra-reader.key.pub --endpoint "
       "node.example.fr:7401"});
  command->add_option("ACT", options->act, "the act")->required();
  command->add_option("--code", options->code, "code of the state")->required();
  command->add_option("--name", options->name, "name of the state")->required();
  command->add_option("--authority-key", options->authority_key, "public authority key")
      ->required()
      ->type_name("HEX|FILE|URI");
  command->add_option("--node", options->node, "public keys of its node")
      ->required()
      ->type_name("FILE");
  command->add_option("--reader", options->reader, "public reader key")
      ->required()
      ->type_name("HEX|FILE");
  command->add_option("--endpoint", options->endpoint, "where its node listens for other nodes")
      ->required()
      ->type_name("HOST:PORT");
  command->add_flag("--drop-signatures", options->drop_signatures, "remove all signatures");
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, options] { return AddFounder(*options, invocation.json); });
}

struct SignActOptions {
  std::string act;
  std::string code;
  std::string authority;
  std::string passphrase_file;
  std::string node_seed;
  std::string reader;
};

absl::Status CheckIsNamed(const PublicKey& wanted, const PublicKey& key, KeyRole which,
                          const Founder& founder, const std::string& source) {
  if (key == wanted) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(source, ": this is not the ", AbslView(KeyRoleName(which)),
                   " key that the act names for ", founder.code.str()));
}

absl::Status AddSignature(FoundingAct& act, const Founder& founder, KeyRole which,
                          const PublicKey& wanted, const SigningKey& key, const std::string& path) {
  if (auto status = CheckIsNamed(wanted, key.public_key(), which, founder, path); !status.ok()) {
    return status;
  }
  act.signatures[{founder.code, which}] = SignAct(act.ledger_id, founder.code, which, key);
  return absl::OkStatus();
}

absl::Status SignWithAuthority(FoundingAct& act, const Founder& founder,
                               const SignActOptions& options) {
  PrintError(absl::StrCat("signing the act of ", act.text.origin, " for ", founder.code.str(), " (",
                          Printable(founder.name), ")\nledger id ", act.ledger_id.hex(), "\n"));
  const auto signer =
      LoadSigner(KeyPurpose::kAuthority, options.authority, options.passphrase_file);
  if (!signer.ok()) return signer.status();
  auto named = CheckIsNamed(founder.authority_key, (*signer)->public_key(), KeyRole::kAuthority,
                            founder, options.authority);
  if (!named.ok()) return named;
  const auto signature = (*signer)->Sign(tag::kAct, act.ledger_id.view());
  if (!signature.ok()) return signature.status();
  act.signatures[{founder.code, KeyRole::kAuthority}] = *signature;
  return absl::OkStatus();
}

absl::Status SignWithNode(FoundingAct& act, const Founder& founder, const std::string& path) {
  const auto seed = LoadPlainKey(path, KeyPurpose::kNode);
  if (!seed.ok()) return seed.status();
  const NodeKeys keys = DeriveNodeKeys(*seed);
  auto status = AddSignature(act, founder, KeyRole::kVote, founder.vote_key, keys.vote, path);
  if (status.ok()) {
    status = AddSignature(act, founder, KeyRole::kCheckpoint, founder.checkpoint_key,
                          keys.checkpoint, path);
  }
  if (status.ok()) {
    status = AddSignature(act, founder, KeyRole::kTransport, founder.transport_key, keys.transport,
                          path);
  }
  return status;
}

absl::Status Sign(const SignActOptions& options, bool json) {
  if (options.authority.empty() && options.node_seed.empty() && options.reader.empty()) {
    return UsageError("at least one of --authority, --node-seed and --reader is needed");
  }
  auto act = LoadDraftAct(options.act);
  if (!act.ok()) return act.status();
  const auto founder = FounderOf(*act, options.code);
  if (!founder.ok()) return founder.status();
  if (!options.authority.empty()) {
    if (auto status = SignWithAuthority(*act, **founder, options); !status.ok()) return status;
  }
  if (!options.node_seed.empty()) {
    if (auto status = SignWithNode(*act, **founder, options.node_seed); !status.ok()) return status;
  }
  if (!options.reader.empty()) {
    const auto seed = LoadPlainKey(options.reader, KeyPurpose::kReader);
    if (!seed.ok()) return seed.status();
    auto status = AddSignature(*act, **founder, KeyRole::kReader, (*founder)->reader_key,
                               SigningKey(*seed), options.reader);
    if (!status.ok()) return status;
  }
  return SaveAct(*act, options.act, Overwrite::kYes, json);
}

void AddSignAct(CLI::App& found, Invocation& invocation) {
  auto options = std::make_shared<SignActOptions>();
  CLI::App* command = AddCommand(
      found, "sign", "add a founder's signatures; its keys may sign one at a time",
      {"found sign act.txt --code FRA --authority fra-authority.key",
       "found sign act.txt --code FRA --node-seed fra-node.seed --reader fra-reader.key"});
  command->add_option("ACT", options->act, "the act; it is rewritten")->required();
  command->add_option("--code", options->code, "code of the state")->required();
  command
      ->add_option("--authority", options->authority,
                   "authority key, a sealed file or in a token: consents to the act")
      ->type_name("FILE|URI");
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "read its passphrase or PIN from here [asked on the terminal]")
      ->type_name("FILE");
  command
      ->add_option("--node-seed", options->node_seed,
                   "node seed: shows possession of its three keys")
      ->type_name("FILE");
  command->add_option("--reader", options->reader, "reader key: shows possession")
      ->type_name("FILE");
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Sign(*options, invocation.json); });
}

void AddMerge(CLI::App& found, Invocation& invocation) {
  struct Options {
    std::string act;
    std::vector<std::string> others;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(found, "merge", "take signatures over from copies of the same act",
                                 {"found merge act.txt act-from-fra.txt act-from-nor.txt"});
  command->add_option("ACT", options->act, "the act; it is rewritten")->required();
  command->add_option("COPY", options->others, "copies that others have signed")->required();
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    auto act = LoadDraftAct(options->act);
    if (!act.ok()) return act.status();
    for (const std::string& path : options->others) {
      const auto other = LoadDraftAct(path);
      if (!other.ok()) return other.status();
      if (other->ledger_id != act->ledger_id) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, " is another act: its ledger id is ", other->ledger_id.hex()));
      }
      act->signatures.insert(other->signatures.begin(), other->signatures.end());
    }
    return SaveAct(*act, options->act, Overwrite::kYes, invocation.json);
  });
}

void PrintAct(const FoundingAct& act, bool complete) {
  std::vector<Column> columns = {{"CODE"}, {"NAME"}, {"ENDPOINT"}};
  for (const KeyRole key : kKeyRoles) {
    std::string name(KeyRoleName(key));
    for (char& c : name) c = static_cast<char>(std::toupper(c));
    columns.push_back({name});
  }
  Table table(columns);
  for (const Founder& founder : act.text.founders) {
    std::vector<std::string> row = {founder.code.str(), founder.name, founder.peer_endpoint};
    for (const KeyRole key : kKeyRoles) {
      row.push_back(act.signatures.contains({founder.code, key}) ? "signed" : "missing");
    }
    table.AddRow(std::move(row));
  }
  Listing listing;
  listing.Add("origin", act.text.origin);
  listing.Add("ledger id", act.ledger_id.hex());
  listing.Add("founded", FormatTime(act.text.founded));
  listing.Add("title", act.text.code_title);
  listing.Add("classes", absl::StrCat(act.text.classes.size()));
  Print(listing.Format() + "\n" + table.Format(WantsColor(stdout)) + "\n");
  if (complete) Print("complete: every founder has signed with every key\n");
}

void AddCheck(CLI::App& found, Invocation& invocation) {
  auto path = std::make_shared<std::string>();
  CLI::App* command =
      AddCommand(found, "check", "show an act and check it; exit code 1 while something is missing",
                 {"found check act.txt"});
  command->add_option("ACT", *path, "the act")->required();
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, path]() -> absl::Status {
    const auto act = LoadDraftAct(*path);
    if (!act.ok()) return act.status();
    absl::Status status = CheckAct(*act);
    if (invocation.json) {
      Print(ToJson(ActTree(*act, status.ok())));
    } else {
      PrintAct(*act, status.ok());
    }
    return status;
  });
}

}  // namespace

void AddFoundCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* found = AddCommand(
      app, "found", "make, sign and check a founding act; offline",
      {"found new --origin code.example/assent --text code.txt --title \"Code of Conduct\"",
       "found sign act.txt --code FRA --authority fra-authority.key", "found check act.txt"});
  found->require_subcommand(1);
  AddNewAct(*found, invocation);
  AddAdd(*found, invocation);
  AddSignAct(*found, invocation);
  AddMerge(*found, invocation);
  AddCheck(*found, invocation);
}

}  // namespace assent::client
