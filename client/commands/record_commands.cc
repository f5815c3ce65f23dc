// assent new, prepare, release, sign, submit, file
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/entry_files.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/templates.h"

namespace assent::client {
namespace {

std::string TypeHelp() {
  std::size_t width = 0;
  for (const RecordTemplate& record : RecordTemplates()) {
    width = std::max(width, record.command.size());
  }
  std::string text = "Record types:";
  for (const RecordTemplate& record : RecordTemplates()) {
    absl::StrAppend(&text, "\n  ", AbslView(record.command),
                    std::string(width + 2 - record.command.size(), ' '), AbslView(record.summary));
  }
  return text +
         "\nExamples:\n  assent new launch-notification -o launch.toml\n  assent new withdrawal";
}

void AddNewRecord(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string type;
    std::string output = "-";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(app, "new", "write a commented record file to fill in", {});
  command->footer(TypeHelp());
  std::vector<std::string> names;
  for (const RecordTemplate& record : RecordTemplates()) {
    names.emplace_back(record.command);
    names.emplace_back(record.type);
  }
  command->add_option("TYPE", options->type, "record type")
      ->required()
      ->check(CLI::IsMember(names));
  command->add_option("-o,--output", options->output, "file to write [standard output]")
      ->type_name("FILE");
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] {
    const RecordTemplate& record = *FindTemplate(options->type);
    Tree facts = Tree::OfMap();
    facts.Add("type", Tree::Of(record.type));
    return WriteResult(options->output, TemplateFile(record), std::move(facts), invocation.json);
  });
}

// For programs: what a file of signed entries has.
Tree EntriesFacts(const std::vector<SignedEntry>& entries) {
  Tree::List list;
  for (const auto& [source, entry] : entries) {
    Tree item = Tree::OfMap();
    item.Add("entry", Tree::Of(EntryName(entry.header())));
    item.Add("leaf_hash", Tree::Of(entry.leaf_hash().hex()));
    item.Add("from", Tree::Of(source));
    item.Add("not_after", Tree::Of(entry.header().not_after));
    list.push_back(std::move(item));
  }
  Tree facts = Tree::OfMap();
  facts.Add("entries", Tree{std::move(list), 0});
  return facts;
}

struct PrepareOptions {
  std::vector<std::string> files;
  std::string output;
  std::string valid_for = "7d";
  std::uint64_t sequence = 0;
  std::string previous;
};

// From the command line when it is given there, for machines without a network; else from the node.
absl::StatusOr<AuthorStanding> StandingFor(const PrepareOptions& options,
                                           const Invocation& invocation, const MemberCode& author) {
  if (options.sequence == 0) {
    if (!options.previous.empty()) return UsageError("--previous needs --sequence");
    const auto session = invocation.Connect();
    if (!session.ok()) return session.status();
    return FetchStanding(**session, author);
  }
  AuthorStanding standing{.head = {Sequence(options.sequence - 1), Hash()}, .releasers = {}};
  if (options.sequence == 1 && options.previous.empty()) return standing;
  const auto previous = Hash::FromHexText(options.previous);
  if (!previous) {
    return UsageError(
        "--sequence needs --previous: the leaf hash of the entry before, 64 hex digits");
  }
  standing.head.leaf_hash = *previous;
  return standing;
}

absl::Status Prepare(const PrepareOptions& options, const Invocation& invocation) {
  const auto records = ReadRecords(options.files);
  if (!records.ok()) return records.status();
  const auto valid_for = ParseDuration(options.valid_for);
  if (!valid_for.ok()) return valid_for.status();
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto author = OwnCode(*settings);
  if (!author.ok()) return author.status();
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  const auto standing = StandingFor(options, invocation, *author);
  if (!standing.ok()) return standing.status();
  const auto draft = MakeDraft(*records, act->ledger_id, *author, *standing, *valid_for);
  if (!draft.ok()) return draft.status();
  const std::string output =
      options.output.empty() ? WithSuffix(options.files.front(), "", kDraftSuffix) : options.output;
  TellWhoReleases(*draft);
  return WriteResult(output, FormatDraft(*draft), DraftFacts(*draft), invocation.json);
}

// A draft to be released or signed, and the act of its ledger where the settings name one.
struct KnownDraft {
  Settings settings;
  std::optional<FoundingAct> act;
  Draft draft;
};

absl::StatusOr<KnownDraft> ReadDraft(const std::string& path, const Invocation& invocation) {
  auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  KnownDraft known{.settings = *std::move(settings), .act = std::nullopt, .draft = {}};
  if (!known.settings.act.empty()) {
    auto act = LoadAct(known.settings.act);
    if (!act.ok()) return act.status();
    known.act = *std::move(act);
  }
  const auto text = ReadFile(path, kEntriesFileBytesMax);
  if (!text.ok()) return text.status();
  auto draft = ParseDraft(*text, path);
  if (!draft.ok()) return draft.status();
  known.draft = *std::move(draft);
  if (known.act) {
    if (auto status = CheckAgainstAct(known.draft, *known.act); !status.ok()) return status;
  }
  return known;
}

void AddRelease(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string draft;
    std::string output;
    std::string name;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      AddCommand(app, "release",
                 "show a draft and release it, as one of those whom the state has named for that; "
                 "offline. It is signed after that",
                 {"release launch.draft.json --releaser head.key"});
  command->add_option("DRAFT", options->draft, "file from assent prepare")->required();
  command
      ->add_option("-o,--output", options->output,
                   "released draft to write [DRAFT.released.draft.json]")
      ->type_name("FILE");
  command
      ->add_option("--name", options->name,
                   "name under which the state has named you [as the draft says]")
      ->type_name("NAME");
  AddReleasing(command, invocation);
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    const auto known = ReadDraft(options->draft, invocation);
    if (!known.ok()) return known.status();
    const auto released = ShowAndRelease(known->draft, known->settings, options->name);
    if (!released.ok()) return released.status();
    const std::string output = options->output.empty()
                                   ? WithSuffix(options->draft, kDraftSuffix, kReleasedSuffix)
                                   : options->output;
    return WriteResult(output, FormatDraft(*released), DraftFacts(*released), invocation.json);
  });
}

void AddPrepare(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* command = AddCommand(
      app, "prepare", "make entries from record files, to be released and signed elsewhere",
      {"prepare launch.toml --code FRA",
       "prepare a.toml b.toml --code FRA --sequence 8 --previous 5f0c... -o "
       "monday.draft.json"});
  command->add_option("FILE", options->files, "record files, TOML or JSON")->required();
  command->add_option("-o,--output", options->output, "draft to write [FILE.draft.json]")
      ->type_name("FILE");
  command
      ->add_option(
          "--valid-for", options->valid_for,
          "the entries can never be on the ledger later; not_after in a record goes before")
      ->type_name("DURATION")
      ->capture_default_str();
  command
      ->add_option("--sequence", options->sequence,
                   "sequence of the first entry [asked of the node]")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->add_option("--previous", options->previous, "leaf hash of the entry before it")
      ->type_name("HEX");
  AddCode(command, invocation);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Prepare(*options, invocation); });
}

void AddSignRecord(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string draft;
    std::string output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(app, "sign", "show a draft and sign it; offline",
                                 {"sign launch.draft.json --authority fra-authority.key"});
  command->add_option("DRAFT", options->draft, "file from assent prepare or release")->required();
  command
      ->add_option("-o,--output", options->output, "signed entries to write [DRAFT.entries.json]")
      ->type_name("FILE");
  AddSigning(command, invocation);
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    const auto known = ReadDraft(options->draft, invocation);
    if (!known.ok()) return known.status();
    const auto entries =
        ShowAndSign(known->draft, known->settings, known->act ? &*known->act : nullptr);
    if (!entries.ok()) return entries.status();
    const std::string output = options->output.empty()
                                   ? WithSuffix(options->draft, kDraftSuffix, kEntriesSuffix)
                                   : options->output;
    return WriteResult(output, FormatEntries(*entries), EntriesFacts(*entries), invocation.json);
  });
}

void AddSubmit(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::vector<std::string> files;
    SubmitOptions submit;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      AddCommand(app, "submit", "file signed entries; again gives the same receipts",
                 {"submit launch.entries.json --receipt launch.receipt"});
  command->add_option("FILE", options->files, "files from assent sign")->required();
  AddSubmitOptions(command, options->submit);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    std::vector<SignedEntry> entries;
    for (const std::string& path : options->files) {
      const auto text = ReadFile(path, kEntriesFileBytesMax);
      if (!text.ok()) return text.status();
      auto some = ParseEntries(*text, path);
      if (!some.ok()) return some.status();
      std::move(some->begin(), some->end(), std::back_inserter(entries));
    }
    // Whatever the order of the files: a state's entries are taken in their sequence only.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const SignedEntry& a, const SignedEntry& b) {
                       const EntryHeader& x = a.entry.header();
                       const EntryHeader& y = b.entry.header();
                       return std::tie(x.author, x.sequence) < std::tie(y.author, y.sequence);
                     });
    const auto session = invocation.Connect();
    if (!session.ok()) return session.status();
    return SubmitEntries(**session, entries, options->submit, invocation.json);
  });
}

void AddFile(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::vector<std::string> files;
    SubmitOptions submit;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(
      app, "file", "prepare, release, sign and submit record files in one step",
      {"file launch.toml --code FRA --authority fra-authority.key --receipt launch.receipt",
       "file *.toml --receipts receipts/"});
  command->add_option("FILE", options->files, "record files, TOML or JSON; filed in this order")
      ->required();
  AddKeep(command, options->submit, "FILE.entries.json");
  AddSubmitOptions(command, options->submit);
  AddCode(command, invocation);
  AddSigning(command, invocation);
  AddReleasing(command, invocation);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    auto records = ReadRecords(options->files);
    if (!records.ok()) return records.status();
    const auto settings = invocation.ResolveSettings();
    if (!settings.ok()) return settings.status();
    const auto session = invocation.Connect();
    if (!session.ok()) return session.status();
    if (options->submit.keep.empty()) {
      options->submit.keep = WithSuffix(options->files.front(), "", kEntriesSuffix);
    }
    return FileRecords(**session, *settings, *std::move(records), options->submit, invocation.json);
  });
}

}  // namespace

void AddRecordCommands(CLI::App& app, Invocation& invocation) {
  AddNewRecord(app, invocation);
  AddFile(app, invocation);
  AddPrepare(app, invocation);
  AddRelease(app, invocation);
  AddSignRecord(app, invocation);
  AddSubmit(app, invocation);
}

}  // namespace assent::client
