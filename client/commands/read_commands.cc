// assent list, show, watch
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/answers.h"
#include "client/authority_keys.h"
#include "client/commands/command.h"
#include "client/commands/entry_name.h"
#include "client/entry_files.h"
#include "client/errors.h"
#include "client/filing.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "client/transfers.h"
#include "ledger/bytes.h"

namespace assent::client {
namespace {

constexpr std::int32_t kPageSize = 500;
constexpr std::uint64_t kLimitDefault = 1'000;
constexpr std::chrono::milliseconds kWatchRetry{1'000};

std::vector<Column> EntryColumns() {
  return {{"INDEX", Align::kRight}, {"ENTRY"},       {"FILED"}, {"TYPE"}, {"STATUS"},
          {"TIMELINESS"},           {"RELEASED BY"}, {"FLAGS"}};
}

std::vector<std::string> EntryCells(const AnsweredEntry& entry) {
  return {absl::StrCat(entry.index.value()),
          EntryName(entry.entry.header()),
          FormatTime(entry.time),
          entry.type.empty() ? "(not for this reader)" : entry.type,
          StatusText(entry),
          TimelinessText(entry.timeliness),
          entry.body ? entry.body->release().name() : "",
          FlagsText(entry)};
}

// Learns keys that the founding act does not have from receipts of the node.
AuthorityKeys KeysFrom(Session& session) {
  return AuthorityKeys(session.act(), [&session](EntryIndex index) {
    v1::GetReceiptRequest request;
    request.set_index(index.value());
    return session.Call(&v1::Ledger::Stub::GetReceipt, request);
  });
}

struct ListOptions {
  std::string author;
  std::string type;
  std::string from;
  std::string to;
  std::optional<std::uint64_t> from_index;
  std::optional<std::uint64_t> to_index;
  std::optional<std::uint64_t> as_of;
  std::uint64_t limit = kLimitDefault;
};

absl::StatusOr<v1::ListEntriesRequest> ListRequest(const ListOptions& options) {
  v1::ListEntriesRequest request;
  request.set_author(options.author);
  request.set_type(options.type);
  if (!options.from.empty()) {
    const auto time = ParseTime(options.from);
    if (!time.ok()) return UsageError(absl::StrCat("--from: ", time.status().message()));
    request.set_from_time_us(time->us);
  }
  if (!options.to.empty()) {
    const auto time = ParseTime(options.to);
    if (!time.ok()) return UsageError(absl::StrCat("--to: ", time.status().message()));
    request.set_to_time_us(time->us);
  }
  if (options.from_index) request.set_from_index(*options.from_index);
  if (options.to_index) request.set_to_index(*options.to_index);
  if (options.as_of) request.set_as_of(*options.as_of);
  return request;
}

absl::Status List(const ListOptions& options, const Invocation& invocation) {
  const auto request = ListRequest(options);
  if (!request.ok()) return request.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  Table table(EntryColumns());
  Tree::List list;
  std::uint64_t count = 0;
  AuthorityKeys keys = KeysFrom(**session);
  const auto add = [&](const v1::LedgerEntry& answer) -> absl::Status {
    auto entry = CheckAnswer(answer, (*session)->act());
    if (!entry.ok()) return entry.status();
    if (auto status = keys.Check(*entry); !status.ok()) return status;
    ++count;
    if (invocation.json) {
      list.push_back(AnswerTree(*entry));
    } else {
      table.AddRow(EntryCells(*entry));
    }
    return absl::OkStatus();
  };
  const auto end = FetchEntries(**session, *request, kPageSize, options.limit, add);
  if (!end.ok()) return end.status();
  if (invocation.json) {
    Tree tree = Tree::OfMap();
    tree.Add("as_of", Tree::Of(end->as_of));
    tree.Add("more", Tree::Of(end->more));
    tree.Add("entries", Tree{std::move(list), 0});
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Print(table.Format(WantsColor(stdout)));
  PrintError(absl::StrCat(count, count == 1 ? " entry" : " entries", " as of height ", end->as_of,
                          end->more ? "; there are more: raise --limit or narrow the filters" : "",
                          "\n"));
  return absl::OkStatus();
}

// Those that list and watch have in common.
void AddFilters(CLI::App* command, ListOptions& options) {
  command->add_option("--author", options.author, "only by this state")->type_name("CODE");
  command->add_option("--type", options.type, "only of this record type")
      ->check(CLI::IsMember(RecordTypeNames()));
  command->add_option("--from", options.from, "filed at or after this time")->type_name("TIME");
  command->add_option("--from-index", options.from_index, "first index")->type_name("N");
}

void AddList(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = AddCommand(app, "list", "list entries in the order of the log",
                                 {"list --author FRA --type LaunchNotification",
                                  "list --from 2026-01-01 --to 2026-02-01 --json",
                                  "list --from-index 100 --to-index 200 --as-of 4711"});
  AddFilters(command, *options);
  command->add_option("--to", options->to, "filed before this time")->type_name("TIME");
  command->add_option("--to-index", options->to_index, "first index left out")->type_name("N");
  command->add_option("--as-of", options->as_of, "as the ledger was at this height")
      ->type_name("HEIGHT");
  command->add_option("--limit", options->limit, "at most so many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return List(*options, invocation); });
}

// What the receipt proves, or why it does not.
absl::StatusOr<VerifiedReceipt> Prove(Session& session, const AnsweredEntry& entry) {
  v1::GetReceiptRequest request;
  request.set_index(entry.index.value());
  const auto receipt = session.Call(&v1::Ledger::Stub::GetReceipt, request);
  if (!receipt.ok()) return receipt.status();
  auto checked = CheckReceipt(*receipt, entry.entry.leaf_hash(), session.act());
  if (!checked.ok()) return checked.status();
  if (checked->proof.index != entry.index || checked->proof.header.time != entry.time ||
      checked->proof.header.height != entry.height) {
    return absl::DataLossError("the node's answer and its receipt differ in index, height or time");
  }
  return checked;
}

std::string SignatureText(const AnsweredEntry& entry) {
  switch (entry.signature) {
    case SignatureCheck::kByFoundingAct:
      return "good, by the author's key in the founding act";
    case SignatureCheck::kByVoters:
      return "good, by the key that a quorum of the voters named as the author's when it was filed";
    case SignatureCheck::kNotChecked:
      break;
  }
  return absl::StrCat("not checked: key ", entry.entry.header().authority_key_id.hex(),
                      " is not in the founding act, and there is no receipt that names it");
}

void PrintEntry(const AnsweredEntry& entry, const absl::Status& proof) {
  const EntryHeader& header = entry.entry.header();
  Listing listing;
  listing.Add("entry", EntryName(header));
  listing.Add("index", absl::StrCat(entry.index.value()));
  listing.Add("filed", absl::StrCat(FormatTime(entry.time), " at height ", entry.height.value()));
  if (IsAmendment(entry) && entry.first_time) {
    listing.Add("first filed", absl::StrCat(FormatTime(*entry.first_time), ", entry ",
                                            entry.first_index->value()));
  }
  listing.Add("type", entry.type.empty() ? "(not for this reader)" : entry.type);
  if (!StatusText(entry).empty()) listing.Add("status", StatusText(entry));
  if (!TimelinessText(entry.timeliness).empty()) {
    listing.Add("timeliness", TimelinessText(entry.timeliness));
  }
  if (!FlagsText(entry).empty()) listing.Add("flagged", FlagsText(entry));
  listing.Add("leaf hash", entry.entry.leaf_hash().hex());
  listing.Add("signature", SignatureText(entry));
  if (entry.body && entry.body->has_release()) {
    const v1::Release& release = entry.body->release();
    listing.Add("released", absl::StrCat("by ", release.name(), ", with the key ",
                                         ToHex(release.public_key())));
  }
  listing.Add("proved", proof.ok() ? "entry, index, height and time, by its receipt"
                                   : absl::StrCat("not: ", Describe(proof)));
  Print(listing.Format());
  if (entry.body) Print("\n" + Printable(ToToml(RecordTree(*entry.body)), true));
}

absl::Status Show(const std::string& name, const Invocation& invocation, bool record_only) {
  const auto request = EntryRequest(name);
  if (!request.ok()) return request.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto answer = (*session)->Call(&v1::Ledger::Stub::GetEntry, *request);
  if (!answer.ok()) return answer.status();
  auto entry = CheckAnswer(*answer, (*session)->act());
  if (!entry.ok()) return entry.status();
  if (!IsNamed(*entry, *request)) return absl::DataLossError("the node answers with another entry");
  if (record_only) {
    if (!entry->body)
      return absl::PermissionDeniedError("the node does not show this record to this reader");
    // A release is of that entry alone: what amends it needs one of its own.
    entry->body->clear_release();
    const Tree record = RecordTree(*entry->body);
    Print(invocation.json ? ToJson(record) : ToToml(record));
    return absl::OkStatus();
  }
  const auto proof = Prove(**session, *entry);
  if (absl::IsDataLoss(proof.status()) || absl::IsInvalidArgument(proof.status()))
    return proof.status();
  // A receipt of an entry whose key the act does not have names that key.
  if (proof.ok() && entry->signature == SignatureCheck::kNotChecked) {
    entry->signature = SignatureCheck::kByVoters;
  }
  if (!invocation.json) {
    PrintEntry(*entry, proof.status());
    return absl::OkStatus();
  }
  Tree tree = AnswerTree(*entry);
  tree.Add("proved", Tree::Of(proof.ok()));
  Print(ToJson(tree));
  return absl::OkStatus();
}

void AddShow(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string name;
    bool record_only = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      AddCommand(app, "show", "show an entry, and prove where and when it was filed",
                 {"show 41", "show FRA/7 --json", "show FRA/7 --record > amended.toml",
                  "show FRA/7 --record --json > amended.json"});
  command->add_option("ENTRY", options->name, "index in the log, or author and sequence: FRA/7")
      ->required();
  command->add_flag("--record", options->record_only,
                    "only the record, as a file that assent file takes: TOML, or with --json JSON");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, options] { return Show(options->name, invocation, options->record_only); });
}

struct WatchOptions {
  ListOptions filters;  // author, type, from, from_index
  std::uint64_t count = 0;
};

// Prints each entry on a line of its own.
absl::Status PrintWatched(const v1::LedgerEntry& answer, const FoundingAct& act,
                          AuthorityKeys& keys, bool json) {
  auto entry = CheckAnswer(answer, act);
  if (!entry.ok()) return entry.status();
  if (auto status = keys.Check(*entry); !status.ok()) return status;
  if (json) {
    Print(ToJsonLine(AnswerTree(*entry)));
    return absl::OkStatus();
  }
  std::string line;
  for (const std::string& cell : EntryCells(*entry)) {
    if (!cell.empty()) line += (line.empty() ? "" : "  ") + Printable(cell);
  }
  Print(line + "\n");
  return absl::OkStatus();
}

// Index that a watch begins with: that of the first entry the filters ask for, or of the next one.
absl::StatusOr<std::uint64_t> WatchFrom(Session& session, const v1::ListEntriesRequest& filters) {
  const auto status =
      session.Call(&v1::Ledger::Stub::GetLedgerStatus, v1::GetLedgerStatusRequest());
  if (!status.ok()) return status.status();
  if (!filters.has_from_time_us()) {
    return filters.has_from_index() ? filters.from_index() : status->tree_size();
  }
  // Asked for after the status, so that none is missed between the two.
  std::uint64_t first = status->tree_size();
  const auto end = FetchEntries(session, filters, 1, 1, [&first](const v1::LedgerEntry& entry) {
    first = std::min(first, entry.index());
    return absl::OkStatus();
  });
  if (!end.ok()) return end.status();
  return std::max(first, filters.from_index());
}

absl::Status Watch(const WatchOptions& options, const Invocation& invocation) {
  const auto filters = ListRequest(options.filters);
  if (!filters.ok()) return filters.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto first = WatchFrom(**session, *filters);
  if (!first.ok()) return first.status();
  v1::WatchEntriesRequest request;
  request.set_author(filters->author());
  request.set_type(filters->type());
  request.set_from_index(*first);
  AuthorityKeys keys = KeysFrom(**session);
  std::uint64_t seen = 0;
  bool told = false;  // that the connection broke, since the last entry
  while (true) {
    grpc::ClientContext context;
    const auto stream = (*session)->stub().WatchEntries(&context, request);
    v1::LedgerEntry answer;
    while (stream->Read(&answer)) {
      if (answer.index() < request.from_index()) {
        context.TryCancel();
        return absl::DataLossError("the node sends an entry twice");
      }
      told = false;
      request.set_from_index(answer.index() + 1);
      if (answer.time_us() < filters->from_time_us()) continue;
      if (auto status = PrintWatched(answer, (*session)->act(), keys, invocation.json);
          !status.ok()) {
        context.TryCancel();
        return status;
      }
      if (++seen == options.count) {
        context.TryCancel();
        return absl::OkStatus();
      }
    }
    // The node was there when the watch began: it is waited for, however long it is away.
    const grpc::Status status = stream->Finish();
    if (!status.ok() && !MaySucceedLater(status)) return (*session)->Explain(status);
    if (!std::exchange(told, true)) {
      PrintError(absl::StrCat("the connection broke",
                              status.ok() ? "" : absl::StrCat(" (", status.error_message(), ")"),
                              "; going on behind the last entry as soon as the node is back\n"));
    }
    (*session)->Pause(kWatchRetry);
  }
}

void AddWatch(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = AddCommand(
      app, "watch",
      "print entries as they become final, until interrupted; begins with the next one, or with "
      "--from or --from-index",
      {"watch", "watch --from-index 0 --json", "watch --type LaunchNotification --count 1",
       "watch --author FRA --from 2026-01-01"});
  AddFilters(command, options->filters);
  command->add_option("--count", options->count, "end after so many entries")->type_name("N");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Watch(*options, invocation); });
}

}  // namespace

void AddReadCommands(CLI::App& app, Invocation& invocation) {
  AddList(app, invocation);
  AddShow(app, invocation);
  AddWatch(app, invocation);
}

}  // namespace assent::client
