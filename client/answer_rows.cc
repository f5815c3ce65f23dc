#include "client/answer_rows.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "client/field_names.h"
#include "client/records.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kEntries[] = "entries";

// Fields of AnswerRow that answers to a question have, in the order of their columns.
std::vector<int> RowFieldsOf(v1::AskRequest::QuestionCase question) {
  switch (question) {
    case v1::AskRequest::kLaunchesWithoutTimelyNotification:
      return {v1::AnswerRow::kLaunchFieldNumber};
    case v1::AskRequest::kMissingDeclarations:
    case v1::AskRequest::kNilFilers:
    case v1::AskRequest::kDiscrepancies:
      return {v1::AnswerRow::kDeclarationFieldNumber};
    case v1::AskRequest::kRevisionStatus:
      return {v1::AnswerRow::kRevisionFieldNumber};
    case v1::AskRequest::kActiveNotifications:
    case v1::AskRequest::kExpiredUnresolved:
      return {v1::AnswerRow::kNotificationFieldNumber};
    case v1::AskRequest::kRecordHistory:
      return {v1::AnswerRow::kHistoryFieldNumber};
    case v1::AskRequest::kEvidence:
      return {v1::AnswerRow::kEvidenceFieldNumber};
    case v1::AskRequest::kOpenClarifications:
      return {v1::AnswerRow::kClarificationFieldNumber};
    case v1::AskRequest::kPledgesAndOffers:
      return {v1::AnswerRow::kPledgeFieldNumber, v1::AnswerRow::kOfferFieldNumber};
    case v1::AskRequest::kDue:
      return {v1::AnswerRow::kDueFieldNumber};
    case v1::AskRequest::kYearTotals:
      return {v1::AnswerRow::kTotalsFieldNumber};
    case v1::AskRequest::QUESTION_NOT_SET:
      break;
  }
  return {};
}

// The set member of `row`'s oneof; null when there is none.
const FieldDescriptor* RowField(const v1::AnswerRow& row) {
  if (row.row_case() == v1::AnswerRow::ROW_NOT_SET) return nullptr;
  return v1::AnswerRow::descriptor()->FindFieldByNumber(row.row_case());
}

// "POST_FACTO" as "post facto".
std::string Spoken(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    c = c == '_' ? ' ' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return text;
}

std::string Text(const Tree& value, bool is_enum, CellStyle style);

std::string TextOfAll(const Tree::Map& map, CellStyle style) {
  std::string text;
  for (const auto& [key, value] : map) {
    absl::StrAppend(&text, text.empty() ? "" : ":", Text(value, false, style));
  }
  return text;
}

std::string Text(const Tree& value, bool is_enum, CellStyle style) {
  if (const auto* text = value.As<std::string>()) {
    return is_enum && style == CellStyle::kPeople ? Spoken(*text) : *text;
  }
  if (const auto* time = value.As<Time>()) return time->us == 0 ? "" : FormatTime(*time);
  if (const auto* number = value.As<std::int64_t>()) return absl::StrCat(*number);
  if (const auto* number = value.As<double>()) return absl::StrCat(*number);
  if (const auto* flag = value.As<bool>()) {
    if (style == CellStyle::kPrograms) return *flag ? "true" : "false";
    return *flag ? "yes" : "";
  }
  if (const auto* map = value.As<Tree::Map>()) return TextOfAll(*map, style);
  std::string all;
  if (const auto* list = value.As<Tree::List>()) {
    for (const Tree& one : *list) {
      absl::StrAppend(&all, all.empty() ? "" : " ", Text(one, is_enum, style));
    }
  }
  return all;
}

bool IsUnsetEnum(const FieldDescriptor& field, const Message& message) {
  return field.enum_type() != nullptr && !field.is_repeated() &&
         message.GetReflection()->GetEnumValue(message, &field) == 0;
}

}  // namespace

std::vector<std::string> ColumnsOf(const v1::AskRequest& request, CellStyle style) {
  std::vector<std::string> columns;
  for (const int number : RowFieldsOf(request.question_case())) {
    const auto& row = *v1::AnswerRow::descriptor()->FindFieldByNumber(number)->message_type();
    for (int i = 0; i < row.field_count(); ++i) {
      const bool is_bytes = row.field(i)->type() == FieldDescriptor::TYPE_BYTES;
      if (is_bytes && style == CellStyle::kPeople) continue;
      std::string key = KeyOf(*row.field(i));
      if (std::find(columns.begin(), columns.end(), key) == columns.end()) {
        columns.push_back(std::move(key));
      }
    }
  }
  columns.push_back(kEntries);
  return columns;
}

std::vector<std::string> CellsOf(const v1::AnswerRow& row, const std::vector<std::string>& columns,
                                 CellStyle style) {
  std::vector<std::string> cells(columns.size());
  const FieldDescriptor* field = RowField(row);
  if (field == nullptr) return cells;
  const Message& said = row.GetReflection()->GetMessage(row, field);
  const Tree tree = MessageTree(said, Defaults::kShow);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == kEntries) {
      for (const std::uint64_t index : row.entries()) {
        absl::StrAppend(&cells[i], cells[i].empty() ? "" : " ", index);
      }
      continue;
    }
    const Tree* value = tree.Find(columns[i]);
    const FieldDescriptor* of = FieldFor(*said.GetDescriptor(), columns[i]);
    if (value == nullptr || of == nullptr || IsUnsetEnum(*of, said)) continue;
    cells[i] = Text(*value, of->enum_type() != nullptr, style);
  }
  return cells;
}

Tree RowTree(const v1::AnswerRow& row) {
  Tree tree = Tree::OfMap();
  if (const FieldDescriptor* field = RowField(row)) {
    tree.Add("row", Tree::Of(std::string(field->name())));
    const Message& said = row.GetReflection()->GetMessage(row, field);
    Tree shown = MessageTree(said, Defaults::kShow);
    for (auto& [key, value] : std::get<Tree::Map>(shown.value)) {
      const FieldDescriptor* of = FieldFor(*said.GetDescriptor(), key);
      if (of == nullptr || !IsUnsetEnum(*of, said)) tree.Add(key, std::move(value));
    }
  }
  Tree::List entries;
  for (const std::uint64_t index : row.entries()) entries.push_back(Tree::Of(index));
  tree.Add(kEntries, Tree{std::move(entries), 0});
  return tree;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    std::string cell = cells[i];
    if (cell.find_first_of("=+-@\t\r") == 0) cell.insert(0, 1, '\'');
    if (cell.find_first_of("\",\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace assent::client
