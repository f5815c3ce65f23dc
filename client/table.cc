#include "client/table.h"

#include <algorithm>
#include <utility>

#include "client/terminal.h"
#include "ledger/check.h"

namespace assent::client {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kGap = "  ";

std::string Padded(const std::string& text, std::size_t width, Align align) {
  const std::string space(width - std::min(width, DisplayWidth(text)), ' ');
  return align == Align::kLeft ? text + space : space + text;
}

std::string Line(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                 const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += kGap;
    line += Padded(cells[i], widths[i], columns[i].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells) {
  ASSENT_CHECK(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::Format(bool color) const {
  std::vector<std::string> names;
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) {
    names.push_back(column.name);
    widths.push_back(DisplayWidth(column.name));
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string out = Line(names, columns_, widths);
  if (color) out = std::string(kBold) + out + std::string(kPlain);
  out += "\n";
  for (const auto& row : rows_) out += Line(row, columns_, widths) + "\n";
  return out;
}

void Listing::Add(std::string name, std::string_view value) {
  lines_.emplace_back(std::move(name), Printable(value));
}

std::string Listing::Format() const {
  std::size_t width = 0;
  for (const auto& [name, value] : lines_) width = std::max(width, DisplayWidth(name));
  std::string out;
  for (const auto& [name, value] : lines_) {
    std::string line = Padded(name + ":", width + 3, Align::kLeft) + value;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace assent::client
