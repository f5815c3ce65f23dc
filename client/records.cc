#include "client/records.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "absl/strings/str_cat.h"
#include "client/field_names.h"

namespace assent::client {
namespace {

using google::protobuf::FieldDescriptor;

constexpr char kRecordOneof[] = "record";
constexpr char kTypeKey[] = "type";
constexpr char kNotAfterKey[] = "not_after";
constexpr char kTemplateKey[] = "template";
constexpr char kReleaseKey[] = "release";

absl::Status Fault(std::string_view name, int line, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(name), ":", line, ": ", AbslView(what)));
}

const FieldDescriptor* RecordField(const std::string& type) {
  const auto* records = v1::Body::descriptor()->FindOneofByName(kRecordOneof);
  for (int i = 0; i < records->field_count(); ++i) {
    if (records->field(i)->message_type()->name() == type) return records->field(i);
  }
  return nullptr;
}

bool IsRecordField(const FieldDescriptor& field) {
  return field.real_containing_oneof() != nullptr &&
         field.real_containing_oneof()->name() == kRecordOneof;
}

// The members of the file that are the record's own, those of the body (visibility, issued_at,
// supersedes), and the time until which it may be filed.
struct FileParts {
  Tree body = Tree::OfMap();
  Tree record = Tree::OfMap();
  std::optional<Time> not_after;
};

absl::StatusOr<FileParts> Split(const Tree& file, std::string_view name) {
  FileParts parts;
  parts.record.line = file.line;
  for (const auto& [key, member] : *file.As<Tree::Map>()) {
    if (key == kTypeKey) continue;
    if (key == kTemplateKey) {
      return Fault(name, member.line,
                   "this is still a template: fill in every line and remove this one");
    }
    if (key == kReleaseKey) {
      return Fault(name, member.line,
                   "a release belongs to one entry: leave it out here, and make one with assent "
                   "release");
    }
    if (key == kNotAfterKey) {
      if (const auto* time = member.As<Time>()) {
        parts.not_after = *time;
      } else if (const auto* text = member.As<std::string>()) {
        const auto parsed = ParseTime(*text);
        if (!parsed.ok()) return Fault(name, member.line, StdView(parsed.status().message()));
        parts.not_after = *parsed;
      } else {
        return Fault(name, member.line, "not_after must be a time");
      }
      continue;
    }
    const FieldDescriptor* of_body = FieldFor(*v1::Body::descriptor(), key);
    const bool to_body = of_body != nullptr && !IsRecordField(*of_body);
    (to_body ? parts.body : parts.record).Add(key, member);
  }
  return parts;
}

std::string TypeList() {
  std::string list;
  for (const std::string& type : RecordTypeNames()) list += (list.empty() ? "" : ", ") + type;
  return list;
}

}  // namespace

std::vector<std::string> RecordTypeNames() {
  const auto* records = v1::Body::descriptor()->FindOneofByName(kRecordOneof);
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(records->field_count()));
  for (int i = 0; i < records->field_count(); ++i) {
    names.push_back(records->field(i)->message_type()->name());
  }
  return names;
}

absl::StatusOr<RecordFile> ReadRecord(const Tree& file, std::string_view name, Time now) {
  if (file.As<Tree::Map>() == nullptr) return Fault(name, file.line, "a record is a table of keys");
  const Tree* type = file.Find(kTypeKey);
  if (type == nullptr || type->As<std::string>() == nullptr) {
    return Fault(name, type == nullptr ? 1 : type->line,
                 absl::StrCat("type = \"...\" is needed: one of ", TypeList()));
  }
  const FieldDescriptor* field = RecordField(*type->As<std::string>());
  if (field == nullptr) {
    return Fault(name, type->line,
                 absl::StrCat(*type->As<std::string>(), " is no record type: one of ", TypeList()));
  }
  auto parts = Split(file, name);
  if (!parts.ok()) return parts.status();

  RecordFile result;
  result.not_after = parts->not_after;
  result.body.set_visibility(v1::MEMBERS);
  result.body.set_issued_at_us(now.us);
  if (auto status = FillMessage(parts->body, name, result.body); !status.ok()) return status;
  auto* record = result.body.GetReflection()->MutableMessage(&result.body, field);
  if (auto status = FillMessage(parts->record, name, *record); !status.ok()) return status;
  return result;
}

std::string RecordTypeOf(const v1::Body& body) {
  const auto* records = v1::Body::descriptor()->FindOneofByName(kRecordOneof);
  const auto* field = body.GetReflection()->GetOneofFieldDescriptor(body, records);
  return field == nullptr ? "" : field->message_type()->name();
}

Tree RecordTree(const v1::Body& body) {
  Tree result = Tree::OfMap();
  const auto* reflection = body.GetReflection();
  const auto* records = v1::Body::descriptor()->FindOneofByName(kRecordOneof);
  const auto* record = reflection->GetOneofFieldDescriptor(body, records);
  result.Add(kTypeKey,
             Tree::Of(record == nullptr ? std::string() : record->message_type()->name()));
  const Tree all = MessageTree(body, Defaults::kHide);
  for (const auto& [key, member] : *all.As<Tree::Map>()) {
    if (record == nullptr || key != record->name()) result.Add(key, member);
  }
  if (record != nullptr) {
    Tree members = MessageTree(reflection->GetMessage(body, record), Defaults::kHide);
    for (auto& [key, member] : std::get<Tree::Map>(members.value))
      result.Add(key, std::move(member));
  }
  return result;
}

}  // namespace assent::client
