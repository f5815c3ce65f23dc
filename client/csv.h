// Tables as text: RFC 4180, read strictly.
#ifndef ASSENT_CLIENT_CSV_H_
#define ASSENT_CLIENT_CSV_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace assent::client {

// The lines below the header, in the order of the file.
struct CsvTable {
  struct Row {
    int line = 0;                    // where it begins, from 1
    std::vector<std::string> cells;  // one for each column
  };
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

// Cells may be quoted, and then hold commas, line ends and doubled quotes. Lines end with LF or CR
// LF; empty ones are passed over. InvalidArgument "NAME:LINE: what is wrong": no header, a column
// twice, a row with more or fewer cells than the header, a quote out of place.
absl::StatusOr<CsvTable> ParseCsv(std::string_view text, std::string_view name);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_CSV_H_
