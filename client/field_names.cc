#include "client/field_names.h"

#include <string_view>

namespace assent::client {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::string_view kTimeSuffix = "_us";
constexpr std::string_view kDegreesSuffix = "_udeg";

}  // namespace

FieldKind KindOf(const FieldDescriptor& field) {
  const std::string_view name = field.name();
  if (field.type() == FieldDescriptor::TYPE_INT64 && name.ends_with(kTimeSuffix)) {
    return FieldKind::kTime;
  }
  if (field.type() == FieldDescriptor::TYPE_INT32 && name.ends_with(kDegreesSuffix)) {
    return FieldKind::kDegrees;
  }
  return FieldKind::kPlain;
}

std::string KeyOf(const FieldDescriptor& field) {
  const std::string& name = field.name();
  switch (KindOf(field)) {
    case FieldKind::kTime:
      return name.substr(0, name.size() - kTimeSuffix.size());
    case FieldKind::kDegrees:
      return name.substr(0, name.size() - kDegreesSuffix.size());
    case FieldKind::kPlain:
      break;
  }
  return name;
}

const FieldDescriptor* FieldFor(const google::protobuf::Descriptor& message,
                                const std::string& key) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (KeyOf(*message.field(i)) == key) return message.field(i);
  }
  return nullptr;
}

std::string KeyList(const google::protobuf::Descriptor& message) {
  std::string list;
  for (int i = 0; i < message.field_count(); ++i) {
    list += (i == 0 ? "" : ", ") + KeyOf(*message.field(i));
  }
  return list;
}

}  // namespace assent::client
