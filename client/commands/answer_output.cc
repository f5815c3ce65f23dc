#include "client/commands/answer_output.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/answer_rows.h"
#include "client/errors.h"
#include "client/evidence_check.h"
#include "client/saved_ledger.h"
#include "client/table.h"
#include "client/terminal.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

// "class_id" as "CLASS ID".
std::string Heading(const std::string& name) {
  std::string heading;
  for (const char c : name) {
    heading += c == '_' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return heading;
}

void PrintJson(const std::vector<v1::AnswerRow>& rows, const AnswerEnd& end) {
  Tree tree = Tree::OfMap();
  tree.Add("as_of", Tree::Of(end.as_of.value()));
  tree.Add("as_of_time", Tree::Of(end.as_of_time));
  tree.Add("public_only", Tree::Of(end.public_only));
  tree.Add("more", Tree::Of(end.more));
  Tree::List list;
  for (const v1::AnswerRow& row : rows) list.push_back(RowTree(row));
  tree.Add("rows", Tree{std::move(list), 0});
  Print(ToJson(tree));
}

void PrintCsv(const std::vector<std::string>& columns, const std::vector<v1::AnswerRow>& rows) {
  std::string text = CsvLine(columns);
  for (const v1::AnswerRow& row : rows) {
    text += CsvLine(CellsOf(row, columns, CellStyle::kPrograms));
  }
  Print(text);
}

// Evidence is not on the ledger: whose word it is that there is no more.
std::string_view WhoseText(const v1::AskRequest& request, const AnswerOptions& options) {
  if (!request.has_evidence()) return "";
  return options.from.empty() ? ", what this node has seen"
                              : ", what the audited node had seen when the audit was saved";
}

}  // namespace

void AddAnswerOptions(CLI::App* command, Invocation& invocation, AnswerOptions& options) {
  command->add_option("--as-of", options.as_of, "as the ledger was at this height")
      ->type_name("HEIGHT");
  command->add_option("--limit", options.limit, "at most so many rows")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_flag("--csv", options.csv, "print CSV");
  AddFrom(command, options.from);
  AddConnection(command, invocation);
  AddJson(command, invocation);
}

void AddFrom(CLI::App* command, std::string& from) {
  command
      ->add_option("--from", from, "answer offline, from what assent audit --save DIR has checked")
      ->type_name("DIR");
}

absl::StatusOr<AnswerSource> OpenSource(const std::string& from, const Invocation& invocation) {
  AnswerSource source;
  if (from.empty()) {
    auto session = invocation.Connect();
    if (!session.ok()) return session.status();
    source.session = *std::move(session);
    source.act = source.session->act();
    source.ask = AskOf(*source.session);
    return source;
  }
  auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  auto ask = AskSaved(from, *act);
  if (!ask.ok()) return ask.status();
  source.act = *std::move(act);
  source.ask = *std::move(ask);
  return source;
}

absl::Status AskAndPrint(v1::AskRequest request, const AnswerOptions& options,
                         const Invocation& invocation) {
  if (options.csv && invocation.json) return UsageError("--csv and --json exclude each other");
  if (options.as_of) request.set_as_of(*options.as_of);
  const auto source = OpenSource(options.from, invocation);
  if (!source.ok()) return source.status();
  std::vector<v1::AnswerRow> rows;
  const auto end = FetchAnswer(source->ask, request, options.limit, [&](const v1::AnswerRow& row) {
    rows.push_back(row);
    return row.has_evidence() ? CheckEvidence(row.evidence(), source->act) : absl::OkStatus();
  });
  if (!end.ok()) return end.status();
  if (invocation.json) {
    PrintJson(rows, *end);
    return absl::OkStatus();
  }
  if (options.csv) {
    PrintCsv(ColumnsOf(request, CellStyle::kPrograms), rows);
  } else {
    Print(FormatRows(ColumnsOf(request, CellStyle::kPeople), rows));
  }
  PrintError(absl::StrCat(rows.size(), rows.size() == 1 ? " row " : " rows ", AsOfText(*end),
                          AbslView(WhoseText(request, options)),
                          end->more ? "; there are more: raise --limit" : "", "\n"));
  return absl::OkStatus();
}

std::string FormatRows(const std::vector<std::string>& columns,
                       const std::vector<v1::AnswerRow>& rows) {
  if (rows.empty()) return "";
  std::vector<std::vector<std::string>> cells;
  std::vector<bool> used(columns.size(), false);
  for (const v1::AnswerRow& row : rows) {
    cells.push_back(CellsOf(row, columns, CellStyle::kPeople));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!cells.back()[i].empty()) used[i] = true;
    }
  }
  std::vector<Column> headings;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (used[i]) headings.push_back({Heading(columns[i])});
  }
  Table table(std::move(headings));
  for (auto& row : cells) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (used[i]) kept.push_back(std::move(row[i]));
    }
    table.AddRow(std::move(kept));
  }
  return table.Format(WantsColor(stdout));
}

std::string AsOfText(const AnswerEnd& end) {
  return absl::StrCat(
      "as of height ", end.as_of.value(), ", ", FormatTime(end.as_of_time),
      end.public_only ? ", from what is PUBLIC (--reader: as a member sees it)" : "");
}

}  // namespace assent::client
