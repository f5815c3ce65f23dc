#include "client/commands/filing_steps.h"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/act_file.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/key_store.h"
#include "client/progress.h"
#include "client/records.h"
#include "client/releases.h"
#include "client/table.h"
#include "client/terminal.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

// So many records are shown whole before signing; of more, the rest by name.
constexpr std::size_t kShownMax = 20;

// What entry `i` of a draft will be called.
std::string DraftEntryName(const Draft& draft, std::size_t i) {
  return absl::StrCat(draft.author.str(), "/", draft.head.sequence.value() + 1 + i);
}

// `step` is what is about to happen to it: "signed".
void ShowDraft(const Draft& draft, std::string_view step) {
  std::string text = absl::StrCat("to be ", AbslView(step), " for ", draft.author.str(),
                                  " on ledger ", draft.ledger_id.hex(), ":\n");
  for (std::size_t i = 0; i < draft.entries.size(); ++i) {
    const DraftEntry& entry = draft.entries[i];
    absl::StrAppend(&text, "\n# ", DraftEntryName(draft, i), "  ", Printable(entry.source),
                    "  until ", FormatTime(entry.not_after), "\n");
    if (i >= kShownMax) continue;
    const auto record = BodyTree(entry.body);
    if (record.ok()) text += Printable(ToToml(*record), true);
  }
  PrintError(text + "\n");
}

// For one-step commands: the draft, released if its author has releasers.
absl::StatusOr<Draft> ReleaseIfNeeded(const Draft& draft, const Settings& settings) {
  if (draft.releasers.empty()) return draft;
  if (settings.releaser.empty()) {
    return UsageError(absl::StrCat(
        "what ", draft.author.str(),
        " files must be released: --releaser is needed (or \"releaser\" ",
        "in the configuration file), or the steps assent prepare, release, sign and submit"));
  }
  return ShowAndRelease(draft, settings, "");
}

std::string ReceiptPath(const SubmitOptions& options, const EntryHeader& header) {
  if (!options.receipt.empty()) return options.receipt;
  if (options.receipts.empty()) return "";
  return absl::StrCat(options.receipts, "/", header.author.str(), "-", header.sequence.value(),
                      ".receipt");
}

// Before anything is signed or sent.
absl::Status CheckOptions(const SubmitOptions& options, std::size_t entries) {
  std::error_code error;
  if (!options.keep.empty() && std::filesystem::exists(options.keep, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        options.keep, " exists already: entries that were signed before and may be filed or not. ",
        "assent submit ", options.keep,
        " sends them again, and nothing is filed twice; then remove it, or use --keep"));
  }
  if (!options.receipt.empty() && entries != 1) {
    return UsageError(absl::StrCat("--receipt is for one entry, and there are ", entries,
                                   ": use --receipts FOLDER"));
  }
  if (options.no_wait && !(options.receipt.empty() && options.receipts.empty())) {
    return UsageError("a receipt exists only when the entry is final: leave --no-wait out");
  }
  if (options.receipts.empty()) return absl::OkStatus();
  std::filesystem::create_directories(options.receipts, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot make ", options.receipts, ": ", error.message()));
}

// Writes the receipts of the entries that are final, as far as they are wanted.
absl::Status SaveReceipts(const FilingResult& result, const SubmitOptions& options) {
  for (const VerifiedReceipt& receipt : result.receipts) {
    const EntryHeader& header = receipt.proof.entry.header();
    const std::string path = ReceiptPath(options, header);
    if (path.empty()) continue;
    if (auto status = ReplaceFile(path, receipt.file, kPublicMode); !status.ok()) {
      const std::string name = EntryName(header);
      return Prefixed(
          absl::StrCat(name, " is filed, but its receipt is not written (assent receipt ", name,
                       " fetches it again)"),
          status);
    }
  }
  return absl::OkStatus();
}

void PrintFiled(const std::vector<SignedEntry>& entries, const FilingResult& result,
                const SubmitOptions& options, bool kept, bool json) {
  Table table({{"ENTRY"}, {"INDEX", Align::kRight}, {"FILED"}, {"FROM"}, {"STATE"}});
  Tree::List list;
  for (std::size_t i = 0; i < result.taken; ++i) {
    const auto& [source, entry] = entries[i];
    const VerifiedReceipt* receipt = i < result.receipts.size() ? &result.receipts[i] : nullptr;
    Tree item = Tree::OfMap();
    item.Add("entry", Tree::Of(EntryName(entry.header())));
    item.Add("leaf_hash", Tree::Of(entry.leaf_hash().hex()));
    item.Add("from", Tree::Of(source));
    item.Add("final", Tree::Of(receipt != nullptr));
    if (receipt != nullptr) {
      item.Add("index", Tree::Of(receipt->proof.index.value()));
      item.Add("height", Tree::Of(receipt->proof.header.height.value()));
      item.Add("time", Tree::Of(receipt->proof.header.time));
      const std::string path = ReceiptPath(options, entry.header());
      if (!path.empty()) item.Add("receipt", Tree::Of(path));
    }
    list.push_back(std::move(item));
    table.AddRow({EntryName(entry.header()),
                  receipt == nullptr ? "" : absl::StrCat(receipt->proof.index.value()),
                  receipt == nullptr ? "" : FormatTime(receipt->proof.header.time), source,
                  receipt == nullptr ? "taken, not final yet" : "final"});
  }
  if (json) {
    Tree tree = Tree::OfMap();
    tree.Add("entries", Tree{std::move(list), 0});
    if (kept) tree.Add("kept", Tree::Of(options.keep));
    Print(ToJson(tree));
  } else if (!table.empty()) {
    Print(table.Format(WantsColor(stdout)));
  }
}

// True when it is known of every entry that it is final, or that it never will be.
bool IsSettled(const FilingResult& result, const SubmitOptions& options) {
  return result.outcome_known && (!options.no_wait || result.taken == 0);
}

void RemoveKept(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) PrintError(absl::StrCat("cannot remove ", path, ": ", error.message(), "\n"));
}

// A draft that continues what the node has of the own state.
absl::StatusOr<Draft> DraftAtHead(Session& session, const Settings& settings,
                                  const std::vector<RecordToFile>& records) {
  const auto author = OwnCode(settings);
  if (!author.ok()) return author.status();
  const auto standing = FetchStanding(session, *author);
  if (!standing.ok()) return standing.status();
  return MakeDraft(records, session.act().ledger_id, *author, *standing, kValidForDefault);
}

}  // namespace

Time Now() {
  return Time{0} + Seconds(std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count());
}

absl::StatusOr<std::vector<RecordToFile>> ReadRecords(const std::vector<std::string>& paths) {
  std::vector<RecordToFile> records;
  for (const std::string& path : paths) {
    const auto text = ReadFile(path, kRecordFileBytesMax);
    if (!text.ok()) return text.status();
    const auto tree = ParseTree(*text, path);
    if (!tree.ok()) return tree.status();
    auto record = ReadRecord(*tree, path, Now());
    if (!record.ok()) return record.status();
    records.push_back({path, std::move(record->body), record->not_after});
  }
  return records;
}

absl::StatusOr<Draft> MakeDraft(const std::vector<RecordToFile>& records, const LedgerId& ledger_id,
                                const MemberCode& author, const AuthorStanding& standing,
                                Duration valid_for) {
  Draft draft{ledger_id, author, standing.head, {}, standing.releasers};
  for (const RecordToFile& record : records) {
    std::string body = record.body.SerializeAsString();
    if (body.size() > kBodyBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat(record.source, ": the record has ",
                                                     body.size(), " bytes, at most ", kBodyBytesMax,
                                                     " are allowed"));
    }
    draft.entries.push_back({record.source, std::move(body), RandomSalt(),
                             record.not_after.value_or(Now() + valid_for)});
  }
  return draft;
}

Tree DraftFacts(const Draft& draft) {
  Tree::List list;
  for (std::size_t i = 0; i < draft.entries.size(); ++i) {
    Tree item = Tree::OfMap();
    item.Add("entry", Tree::Of(DraftEntryName(draft, i)));
    item.Add("from", Tree::Of(draft.entries[i].source));
    item.Add("not_after", Tree::Of(draft.entries[i].not_after));
    list.push_back(std::move(item));
  }
  Tree facts = Tree::OfMap();
  facts.Add("ledger_id", Tree::Of(draft.ledger_id.hex()));
  facts.Add("entries", Tree{std::move(list), 0});
  if (!draft.releasers.empty()) {
    Tree::List names;
    for (const Releaser& releaser : draft.releasers) names.push_back(Tree::Of(releaser.name));
    facts.Add("releasers", Tree{std::move(names), 0});
  }
  return facts;
}

void TellWhoReleases(const Draft& draft) {
  if (draft.releasers.empty()) return;
  std::string names;
  for (const Releaser& releaser : draft.releasers) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", Printable(releaser.name));
  }
  PrintError(absl::StrCat("to be released before it is signed (assent release), by one of: ", names,
                          "\n"));
}

absl::Status CheckAgainstAct(const Draft& draft, const FoundingAct& act) {
  if (act.ledger_id == draft.ledger_id) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the draft is for ledger ", draft.ledger_id.hex(),
                                                 ", the founding act is of ", act.ledger_id.hex()));
}

absl::StatusOr<Draft> ShowAndRelease(const Draft& draft, const Settings& settings,
                                     const std::string& name) {
  if (settings.releaser.empty()) {
    return UsageError("--releaser is needed (or \"releaser\" in the configuration file)");
  }
  ShowDraft(draft, "released");
  const auto releaser =
      LoadSigner(KeyPurpose::kReleaser, settings.releaser, settings.releaser_passphrase_file);
  if (!releaser.ok()) return releaser.status();
  const auto named = ReleaserName(draft, (*releaser)->public_key(), name);
  if (!named.ok()) return named.status();
  auto released = ReleaseDraft(draft, **releaser, *named);
  if (!released.ok()) return released.status();
  // Also a name that was given by hand is looked at here, and not only by a node.
  if (auto status = CheckReleases(*released); !status.ok()) return status;
  return released;
}

absl::StatusOr<std::vector<SignedEntry>> ShowAndSign(const Draft& draft, const Settings& settings,
                                                     const FoundingAct* act) {
  if (settings.authority.empty()) {
    return UsageError("--authority is needed (or \"authority\" in the configuration file)");
  }
  if (auto status = CheckReleases(draft); !status.ok()) return status;
  ShowDraft(draft, "signed");
  const auto signer =
      LoadSigner(KeyPurpose::kAuthority, settings.authority, settings.passphrase_file);
  if (!signer.ok()) return signer.status();
  const Founder* founder = act == nullptr ? nullptr : FindFounder(*act, draft.author);
  if (founder != nullptr && founder->authority_key != (*signer)->public_key()) {
    PrintError(absl::StrCat("note: ", settings.authority,
                            " is not the key that the founding act names for ", draft.author.str(),
                            "; the node will refuse it unless it has been replaced\n"));
  }
  return SignDraft(draft, **signer);
}

void AddSubmitOptions(CLI::App* command, SubmitOptions& options) {
  command->add_flag("--no-wait", options.no_wait, "do not wait until the entries are final");
  command->add_option("--wait", options.wait_s, "seconds to wait for that")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 24 * 3'600));
  command->add_option("--receipt", options.receipt, "write the receipt of the entry to this file")
      ->type_name("FILE");
  command
      ->add_option("--receipts", options.receipts,
                   "write all receipts into this folder, as FRA-7.receipt")
      ->type_name("FOLDER");
}

void AddKeep(CLI::App* command, SubmitOptions& options, const std::string& by_default) {
  command
      ->add_option("--keep", options.keep,
                   absl::StrCat("where the signed entries are until all are final [", by_default,
                                "]: assent submit sends them again"))
      ->type_name("FILE");
}

absl::Status SubmitEntries(Session& session, const std::vector<SignedEntry>& entries,
                           const SubmitOptions& options, bool json) {
  if (auto status = CheckOptions(options, entries.size()); !status.ok()) return status;
  bool kept = !options.keep.empty();
  if (kept) {
    const auto status = WriteNewFile(options.keep, FormatEntries(entries), kPublicMode);
    if (!status.ok()) return Prefixed("nothing was sent (--keep)", status);
  }
  FilingResult result;
  {
    Progress progress("filing", "entries", StandardErrorDraw());
    FilingOptions filing;
    filing.wait_until_final = !options.no_wait;
    filing.finality_timeout = std::chrono::seconds(options.wait_s);
    filing.on_progress = [&](std::size_t done) { progress.Update(done, entries.size()); };
    result = FileEntries(session, entries, filing);
  }
  const bool settled = IsSettled(result, options);
  if (kept && settled) {
    RemoveKept(options.keep);
    kept = false;
  }
  PrintFiled(entries, result, options, kept, json);
  absl::Status saved = SaveReceipts(result, options);
  if (kept) {
    PrintError(absl::StrCat("the signed entries are in ", options.keep, ": assent submit ",
                            options.keep,
                            " sends the same bytes again, and nothing is filed twice\n"));
  } else if (!result.outcome_known) {
    PrintError("submit the same file again: nothing is filed twice\n");
  }
  if (result.status.ok()) return saved;
  if (!saved.ok()) PrintError(absl::StrCat(saved.message(), "\n"));
  const std::size_t done = options.no_wait ? result.taken : result.receipts.size();
  PrintError(absl::StrCat(done, " of ", entries.size(), " entries are ",
                          options.no_wait ? "taken" : "filed", "\n"));
  return result.status;
}

absl::Status FileRecords(Session& session, const Settings& settings,
                         const std::vector<RecordToFile>& records, const SubmitOptions& options,
                         bool json) {
  if (auto status = CheckOptions(options, records.size()); !status.ok()) return status;
  const auto draft = DraftAtHead(session, settings, records);
  if (!draft.ok()) return draft.status();
  const auto released = ReleaseIfNeeded(*draft, settings);
  if (!released.ok()) return released.status();
  const auto entries = ShowAndSign(*released, settings, &session.act());
  if (!entries.ok()) return entries.status();
  return SubmitEntries(session, *entries, options, json);
}

void AddDirectFiling(CLI::App* command, Invocation& invocation, DirectFiling& filing) {
  AddConnection(command, invocation);
  AddSigning(command, invocation);
  AddReleasing(command, invocation);
  AddCode(command, invocation);
  command
      ->add_option("--draft", filing.draft,
                   "only write what is to be signed, for assent release and sign elsewhere")
      ->type_name("FILE");
  AddSubmitOptions(command, filing.submit);
  AddKeep(command, filing.submit, "a file in this folder");
  AddJson(command, invocation);
}

absl::Status FileDirectly(Session& session, const Settings& settings, RecordToFile record,
                          const std::string& name, const DirectFiling& filing, bool json) {
  const std::vector<RecordToFile> records = {std::move(record)};
  if (!filing.draft.empty()) {
    const auto draft = DraftAtHead(session, settings, records);
    if (!draft.ok()) return draft.status();
    TellWhoReleases(*draft);
    return WriteResult(filing.draft, FormatDraft(*draft), DraftFacts(*draft), json);
  }
  SubmitOptions submit = filing.submit;
  if (submit.keep.empty()) submit.keep = name + kEntriesSuffix;
  return FileRecords(session, settings, records, submit, json);
}

}  // namespace assent::client
