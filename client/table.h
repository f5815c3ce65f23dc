// Tables for people: columns as wide as their widest cell.
#ifndef ASSENT_CLIENT_TABLE_H_
#define ASSENT_CLIENT_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

namespace assent::client {

// Columns that a terminal needs for `text`: code points, without escape sequences of our own (see
// Style).
std::size_t DisplayWidth(std::string_view text);

enum class Align { kLeft, kRight };
struct Column {
  std::string name;
  Align align = Align::kLeft;
};

// Rows are added, then the whole is printed. Cells pass through Printable.
class Table {
 public:
  explicit Table(std::vector<Column> columns);
  // As many cells as there are columns.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // A heading and the rows, each ending in a line feed, no space at line ends. `color`: heading in
  // bold.
  std::string Format(bool color) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Pairs of a name and a value below each other: "name:  value".
class Listing {
 public:
  void Add(std::string name, std::string_view value);
  std::string Format() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TABLE_H_
