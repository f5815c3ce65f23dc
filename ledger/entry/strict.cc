#include "ledger/entry/strict.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/entry/wire_form.h"
#include "ledger/limits.h"
#include "ledger/types.h"

namespace assent {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::Status ParseStrict(std::string_view bytes, Message& message) {
  message.Clear();
  const std::string& name = message.GetDescriptor()->name();
  if (bytes.size() > kGrpcMessageBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", bytes.size(), " bytes; the limit is ", kGrpcMessageBytesMax));
  }
  absl::Status form = CheckWireForm(bytes, *message.GetDescriptor());
  if (!form.ok()) return form;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat("malformed ", name));
  }
  return absl::OkStatus();
}

absl::Status CheckNoUnknownFields(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  if (!unknown.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown field ", unknown.field(0).number(),
                                                   " in ", message.GetDescriptor()->name(),
                                                   "; was it written by a newer version?"));
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      absl::Status status = CheckNoUnknownFields(inner);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace assent
