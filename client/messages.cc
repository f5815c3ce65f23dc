// The generic half of records.h: one tree to one message and back, by reflection.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "client/field_names.h"
#include "client/records.h"
#include "ledger/bytes.h"

namespace assent::client {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr double kMicrodegrees = 1'000'000;

class Filler {
 public:
  explicit Filler(std::string_view name) : name_(name) {}

  absl::Status Fill(const Tree& map, Message& message) const {
    const auto* members = map.As<Tree::Map>();
    if (members == nullptr) return Fault(map, "a table of keys is needed here");
    const auto& descriptor = *message.GetDescriptor();
    for (const auto& [key, member] : *members) {
      const FieldDescriptor* field = FieldFor(descriptor, key);
      if (field == nullptr) {
        return Fault(member, absl::StrCat("unknown key ", key, "; ", descriptor.name(), " has ",
                                          KeyList(descriptor)));
      }
      if (auto status = CheckOneof(*field, member, message); !status.ok()) return status;
      auto status =
          field->is_repeated() ? SetList(member, *field, message) : SetOne(member, *field, message);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Fault(const Tree& where, std::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(name_), ":", where.line, ": ", AbslView(what)));
  }

  absl::Status Wanted(const Tree& tree, const FieldDescriptor& field,
                      std::string_view wanted) const {
    return Fault(tree, absl::StrCat(KeyOf(field), " must be ", AbslView(wanted), ", not ",
                                    AbslView(KindName(tree))));
  }

  template <class Set, class Add, class Value>
  static void Put(Set set, Add add, Message& message, const FieldDescriptor& field, Value value) {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) {
      (reflection.*add)(&message, &field, std::move(value));
    } else {
      (reflection.*set)(&message, &field, std::move(value));
    }
  }

  absl::Status CheckOneof(const FieldDescriptor& field, const Tree& member,
                          const Message& message) const {
    const auto* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return absl::OkStatus();
    const auto* other = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (other == nullptr) return absl::OkStatus();
    return Fault(member, absl::StrCat("only one of ", KeyOf(*other), " and ", KeyOf(field),
                                      " may be given"));
  }

  absl::Status SetList(const Tree& tree, const FieldDescriptor& field, Message& message) const {
    const auto* list = tree.As<Tree::List>();
    if (list == nullptr) return Wanted(tree, field, "a list");
    for (const Tree& item : *list) {
      if (auto status = SetOne(item, field, message); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Sets the field, or adds one to it when it is repeated.
  absl::Status SetOne(const Tree& tree, const FieldDescriptor& field, Message& message) const {
    const auto* reflection = message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(tree, field.is_repeated() ? *reflection->AddMessage(&message, &field)
                                              : *reflection->MutableMessage(&message, &field));
      case FieldDescriptor::CPPTYPE_STRING:
        return SetText(tree, field, message);
      case FieldDescriptor::CPPTYPE_ENUM:
        return SetEnum(tree, field, message);
      case FieldDescriptor::CPPTYPE_BOOL:
        if (tree.As<bool>() == nullptr) return Wanted(tree, field, "true or false");
        Put(&Reflection::SetBool, &Reflection::AddBool, message, field, *tree.As<bool>());
        return absl::OkStatus();
      default:
        return SetNumber(tree, field, message);
    }
  }

  absl::Status SetText(const Tree& tree, const FieldDescriptor& field, Message& message) const {
    const auto* text = tree.As<std::string>();
    const bool is_bytes = field.type() == FieldDescriptor::TYPE_BYTES;
    if (text == nullptr)
      return Wanted(tree, field, is_bytes ? "a string of hex digits" : "a string");
    if (!is_bytes) {
      Put(&Reflection::SetString, &Reflection::AddString, message, field, *text);
      return absl::OkStatus();
    }
    const auto bytes = FromHex(*text);
    if (!bytes) return Fault(tree, absl::StrCat(KeyOf(field), " must be hex digits"));
    Put(&Reflection::SetString, &Reflection::AddString, message, field, *bytes);
    return absl::OkStatus();
  }

  absl::Status SetEnum(const Tree& tree, const FieldDescriptor& field, Message& message) const {
    const EnumDescriptor& type = *field.enum_type();
    std::string names;
    for (int i = 0; i < type.value_count(); ++i) {
      if (type.value(i)->number() == 0) continue;  // UNSPECIFIED
      absl::StrAppend(&names, names.empty() ? "" : ", ", type.value(i)->name());
    }
    const auto* text = tree.As<std::string>();
    const auto* value = text == nullptr ? nullptr : type.FindValueByName(*text);
    if (value == nullptr || value->number() == 0) {
      return Fault(tree, absl::StrCat(KeyOf(field), " must be one of ", names));
    }
    Put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, message, field, value->number());
    return absl::OkStatus();
  }

  absl::Status SetNumber(const Tree& tree, const FieldDescriptor& field, Message& message) const {
    auto number = ReadNumber(tree, field);
    if (!number.ok()) return number.status();
    const auto out_of_range = [&](std::int64_t max) {
      return Fault(tree,
                   absl::StrCat(KeyOf(field), " is ", *number, ": it must be from 0 to ", max));
    };
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        if (*number != static_cast<std::int32_t>(*number)) {
          return Fault(tree, absl::StrCat(KeyOf(field), " is too large"));
        }
        Put(&Reflection::SetInt32, &Reflection::AddInt32, message, field,
            static_cast<std::int32_t>(*number));
        break;
      case FieldDescriptor::CPPTYPE_UINT32: {
        constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
        if (*number < 0 || *number > kMax) return out_of_range(kMax);
        Put(&Reflection::SetUInt32, &Reflection::AddUInt32, message, field,
            static_cast<std::uint32_t>(*number));
        break;
      }
      case FieldDescriptor::CPPTYPE_INT64:
        Put(&Reflection::SetInt64, &Reflection::AddInt64, message, field, *number);
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        if (*number < 0) return out_of_range(std::numeric_limits<std::int64_t>::max());
        Put(&Reflection::SetUInt64, &Reflection::AddUInt64, message, field,
            static_cast<std::uint64_t>(*number));
        break;
      default:
        return Fault(tree, absl::StrCat(KeyOf(field), " cannot be given in a file"));
    }
    return absl::OkStatus();
  }

  // Whole number of the field's unit.
  absl::StatusOr<std::int64_t> ReadNumber(const Tree& tree, const FieldDescriptor& field) const {
    switch (KindOf(field)) {
      case FieldKind::kTime:
        return ReadTime(tree, field);
      case FieldKind::kDegrees:
        return ReadDegrees(tree, field);
      case FieldKind::kPlain:
        break;
    }
    if (tree.As<std::int64_t>() == nullptr) return Wanted(tree, field, "a whole number");
    return *tree.As<std::int64_t>();
  }

  absl::StatusOr<std::int64_t> ReadTime(const Tree& tree, const FieldDescriptor& field) const {
    if (const auto* time = tree.As<Time>()) return time->us;
    const auto* text = tree.As<std::string>();
    if (text == nullptr) return Wanted(tree, field, "a time such as 2026-03-31T23:59:59Z");
    const auto time = ParseTime(*text);
    if (!time.ok()) {
      return Fault(tree, absl::StrCat(KeyOf(field), ": ", time.status().message()));
    }
    return time->us;
  }

  absl::StatusOr<std::int64_t> ReadDegrees(const Tree& tree, const FieldDescriptor& field) const {
    double degrees = 0;
    if (const auto* whole = tree.As<std::int64_t>()) {
      degrees = static_cast<double>(*whole);
    } else if (const auto* real = tree.As<double>()) {
      degrees = *real;
    } else {
      return Wanted(tree, field, "decimal degrees such as 5.236");
    }
    if (!(std::abs(degrees) <= 360)) {
      return Fault(tree, absl::StrCat(KeyOf(field), " must be decimal degrees such as 5.236"));
    }
    // A double holds six decimals of such a number with room to spare, so that anything further
    // from a whole microdegree than this was written with more.
    const double scaled = degrees * kMicrodegrees;
    if (std::abs(scaled - std::round(scaled)) > 0.001) {
      return Fault(tree, absl::StrCat(KeyOf(field), " may have at most 6 decimals"));
    }
    return std::llround(scaled);
  }

  std::string_view name_;
};

// Reads the field, or item `index` of a repeated one.
template <class Get, class GetRepeated>
auto Take(Get get, GetRepeated get_repeated, const Message& message, const FieldDescriptor& field,
          int index) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? (reflection.*get_repeated)(message, &field, index)
                             : (reflection.*get)(message, &field);
}

Tree ScalarTree(const Message& message, const FieldDescriptor& field, int index) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          Take(&Reflection::GetString, &Reflection::GetRepeatedString, message, field, index);
      return Tree::Of(field.type() == FieldDescriptor::TYPE_BYTES ? ToHex(text) : text);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return Tree::Of(
          Take(&Reflection::GetEnum, &Reflection::GetRepeatedEnum, message, field, index)->name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return Tree::Of(
          Take(&Reflection::GetBool, &Reflection::GetRepeatedBool, message, field, index));
    case FieldDescriptor::CPPTYPE_INT32: {
      const std::int32_t number =
          Take(&Reflection::GetInt32, &Reflection::GetRepeatedInt32, message, field, index);
      if (KindOf(field) == FieldKind::kDegrees) return Tree::Of(number / kMicrodegrees);
      return Tree{static_cast<std::int64_t>(number), 0};
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const std::int64_t number =
          Take(&Reflection::GetInt64, &Reflection::GetRepeatedInt64, message, field, index);
      if (KindOf(field) != FieldKind::kTime) return Tree{number, 0};
      return number == 0 ? Tree() : Tree::Of(Time{number});  // no time of the ledger is 0
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return Tree::Of(std::uint64_t{
          Take(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32, message, field, index)});
    case FieldDescriptor::CPPTYPE_UINT64:
      return Tree::Of(std::uint64_t{
          Take(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64, message, field, index)});
    default:
      return Tree();
  }
}

Tree ListTree(const Message& message, const FieldDescriptor& field, Defaults defaults) {
  const auto& reflection = *message.GetReflection();
  Tree::List list;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      list.push_back(MessageTree(reflection.GetRepeatedMessage(message, &field, i), defaults));
    } else {
      list.push_back(ScalarTree(message, field, i));
    }
  }
  return {std::move(list), 0};
}

// Fields that can be absent are shown when they are there. Of those that cannot, numbers are always
// shown, the others by `defaults`.
bool IsShown(const Message& message, const FieldDescriptor& field, Defaults defaults) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    return defaults == Defaults::kShow || reflection.FieldSize(message, &field) > 0;
  }
  if (field.has_presence()) return reflection.HasField(message, &field);
  const bool is_number = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  return defaults == Defaults::kShow || is_number || reflection.HasField(message, &field);
}

}  // namespace

absl::Status FillMessage(const Tree& map, std::string_view name, Message& message) {
  return Filler(name).Fill(map, message);
}

Tree MessageTree(const Message& message, Defaults defaults) {
  Tree result = Tree::OfMap();
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!IsShown(message, field, defaults)) continue;
    if (field.is_repeated()) {
      result.Add(KeyOf(field), ListTree(message, field, defaults));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      result.Add(KeyOf(field),
                 MessageTree(message.GetReflection()->GetMessage(message, &field), defaults));
    } else {
      result.Add(KeyOf(field), ScalarTree(message, field, -1));
    }
  }
  return result;
}

}  // namespace assent::client
