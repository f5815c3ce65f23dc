#include "client/csv.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

absl::Status Fault(std::string_view name, int line, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(name), ":", line, ": ", AbslView(what)));
}

// Takes a text apart, row by row.
class Reader {
 public:
  Reader(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  bool AtEnd() const { return at_ == text_.size(); }

  absl::StatusOr<CsvTable::Row> Next() {
    CsvTable::Row row{.line = line_, .cells = {}};
    do {
      auto cell = NextCell();
      if (!cell.ok()) return cell.status();
      row.cells.push_back(*std::move(cell));
    } while (Take(","));
    if (!Take("\r\n") && !Take("\n") && !AtEnd()) {
      return Fault(name_, line_, "a comma or the end of the line must follow a quoted cell");
    }
    ++line_;
    return row;
  }

 private:
  bool Take(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  absl::StatusOr<std::string> NextCell() {
    if (Take("\"")) return Quoted();
    const std::size_t end = std::min(text_.find_first_of(",\"\n", at_), text_.size());
    if (end < text_.size() && text_[end] == '"') {
      return Fault(name_, line_, "a quote stands inside a cell that does not begin with one");
    }
    std::string_view cell = text_.substr(at_, end - at_);
    at_ = end;
    if (end < text_.size() && text_[end] == '\n' && cell.ends_with('\r')) cell.remove_suffix(1);
    return std::string(cell);
  }

  absl::StatusOr<std::string> Quoted() {
    const int begun = line_;
    std::string cell;
    for (; !AtEnd(); ++at_) {
      if (text_[at_] == '"' && !text_.substr(at_).starts_with("\"\"")) {
        ++at_;
        return cell;
      }
      if (text_[at_] == '"') ++at_;
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    return Fault(name_, begun, "the quote of a cell is not closed");
  }

  const std::string_view text_;
  const std::string_view name_;
  std::size_t at_ = 0;
  int line_ = 1;
};

bool IsEmpty(const CsvTable::Row& row) { return row.cells.size() == 1 && row.cells[0].empty(); }

}  // namespace

absl::StatusOr<CsvTable> ParseCsv(std::string_view text, std::string_view name) {
  CsvTable table;
  Reader reader(text, name);
  while (!reader.AtEnd()) {
    auto row = reader.Next();
    if (!row.ok()) return row.status();
    if (IsEmpty(*row)) continue;
    if (table.columns.empty()) {
      table.columns = std::move(row->cells);
      if (std::set(table.columns.begin(), table.columns.end()).size() != table.columns.size()) {
        return Fault(name, row->line, "a column stands in the header twice");
      }
      continue;
    }
    if (row->cells.size() != table.columns.size()) {
      return Fault(name, row->line,
                   absl::StrCat("there are ", row->cells.size(), " cells, and ",
                                table.columns.size(), " columns"));
    }
    table.rows.push_back(*std::move(row));
  }
  if (table.columns.empty()) return Fault(name, 1, "the header is missing");
  return table;
}

}  // namespace assent::client
