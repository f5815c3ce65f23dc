// How protobuf fields are called, and what kind of value they are, in files and answers.
#ifndef ASSENT_CLIENT_FIELD_NAMES_H_
#define ASSENT_CLIENT_FIELD_NAMES_H_

#include <google/protobuf/descriptor.h>

#include <string>

namespace assent::client {

enum class FieldKind { kPlain, kTime, kDegrees };

// By the suffix of the field's name and its type.
FieldKind KindOf(const google::protobuf::FieldDescriptor& field);
// The name without that suffix.
std::string KeyOf(const google::protobuf::FieldDescriptor& field);
// The field that a key stands for; null when there is none.
const google::protobuf::FieldDescriptor* FieldFor(const google::protobuf::Descriptor& message,
                                                  const std::string& key);
// "reference, kind, class_id, ..."
std::string KeyList(const google::protobuf::Descriptor& message);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_FIELD_NAMES_H_
