// Rows of answers as tables, CSV and JSON. Nothing here knows a question: columns follow from the
// messages of questions.proto, so a new row needs no code.
#ifndef ASSENT_CLIENT_ANSWER_ROWS_H_
#define ASSENT_CLIENT_ANSWER_ROWS_H_

#include <string>
#include <vector>

#include "assent/v1/questions.pb.h"
#include "client/tree.h"

namespace assent::client {

// How values are written.
enum class CellStyle {
  kPeople,    // "post facto", "yes"; no hashes and signatures
  kPrograms,  // "POST_FACTO", "true", as in JSON
};

// Names of the columns of an answer to this question: the keys of its rows as in JSON, then
// "entries".
std::vector<std::string> ColumnsOf(const v1::AskRequest& request, CellStyle style);

// One cell for each of these columns; empty where the row has no such value. Several values stand
// beside each other with a space between.
std::vector<std::string> CellsOf(const v1::AnswerRow& row, const std::vector<std::string>& columns,
                                 CellStyle style);

// {"row": "launch", ..., "entries": [...]}
Tree RowTree(const v1::AnswerRow& row);

// One line of CSV (RFC 4180), ending in CR LF. A cell that a spreadsheet would take for a formula
// is led by an apostrophe.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ANSWER_ROWS_H_
