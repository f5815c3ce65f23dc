// Walks the bytes of a message by its descriptor and refuses every form but the one that protobuf
// serializers write. A parser takes the last of two values of a field and drops what it does not
// know: both would let something be signed that nobody reads.
#include "ledger/entry/wire_form.h"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/entry/wire.h"
#include "ledger/types.h"
#include "ledger/utf8.h"

namespace assent {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

// Messages within messages; ours need five.
constexpr int kDepthMax = 16;

// Where the walk is, for errors: a chain of names on the stack, put together only when one is
// needed.
struct Where {
  const Where* outer;
  const std::string& name;
};

std::string PathOf(const Where& where) {
  if (where.outer == nullptr) return where.name;
  return absl::StrCat(PathOf(*where.outer), ".", where.name);
}

absl::Status Malformed(const Where& where, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("malformed ", PathOf(where), ": ", AbslView(what)));
}

bool IsSignExtended(std::uint64_t value) {
  const auto as_signed = static_cast<std::int64_t>(value);
  return as_signed >= std::numeric_limits<std::int32_t>::min() &&
         as_signed <= std::numeric_limits<std::int32_t>::max();
}

// True when a serializer would write `value` for a field of this type.
bool FitsVarint(FieldDescriptor::Type type, std::uint64_t value) {
  switch (type) {
    case FieldDescriptor::TYPE_BOOL:
      return value <= 1;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_SINT32:
      return value <= std::numeric_limits<std::uint32_t>::max();
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_ENUM:
      return IsSignExtended(value);
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_SINT64:
      return true;
    default:
      return false;
  }
}

wire::Type WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return wire::Type::kBytes;
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
    case FieldDescriptor::TYPE_DOUBLE:
      return wire::Type::kFixed64;
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
    case FieldDescriptor::TYPE_FLOAT:
      return wire::Type::kFixed32;
    default:
      return field.is_packed() ? wire::Type::kBytes : wire::Type::kVarint;
  }
}

absl::Status CheckMessage(std::string_view bytes, const Descriptor& descriptor, const Where& where,
                          int depth);

absl::Status CheckVarint(std::string_view& bytes, const FieldDescriptor& field,
                         const Where& where) {
  const auto value = wire::TakeVarint(bytes);
  if (!value || !FitsVarint(field.type(), *value)) {
    return Malformed(where, "no number of its size in its shortest form");
  }
  if (*value == 0 && !field.has_presence() && !field.is_repeated()) {
    return Malformed(where, "zero is written by leaving the field out");
  }
  return absl::OkStatus();
}

absl::Status CheckPacked(std::string_view numbers, const FieldDescriptor& field,
                         const Where& where) {
  if (numbers.empty()) return Malformed(where, "an empty list is written by leaving it out");
  while (!numbers.empty()) {
    absl::Status status = CheckVarint(numbers, field, where);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckBytes(std::string_view& bytes, const FieldDescriptor& field, const Where& where,
                        int depth) {
  const auto value = wire::TakeBytes(bytes);
  if (!value) return Malformed(where, "it is longer than the message");
  if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
    return CheckMessage(*value, *field.message_type(), where, depth + 1);
  }
  if (field.is_packed()) return CheckPacked(*value, field, where);
  if (value->empty() && !field.has_presence() && !field.is_repeated()) {
    return Malformed(where, "an empty value is written by leaving the field out");
  }
  if (field.type() == FieldDescriptor::TYPE_STRING && !IsUtf8(*value)) {
    return Malformed(where, "the text is not UTF-8");
  }
  return absl::OkStatus();
}

absl::Status CheckValue(std::string_view& bytes, const FieldDescriptor& field, wire::Type type,
                        const Where& where, int depth) {
  if (type != WireTypeOf(field) || field.is_map()) return Malformed(where, "it is of another type");
  switch (type) {
    case wire::Type::kVarint:
      return CheckVarint(bytes, field, where);
    case wire::Type::kBytes:
      return CheckBytes(bytes, field, where, depth);
    case wire::Type::kFixed32:
    case wire::Type::kFixed64:
      // No format of ours has them: a number in them has more than one form (-0.0, NaN).
      return Malformed(where, "numbers of fixed size are not used");
  }
  return Malformed(where, "it is of another type");
}

absl::Status CheckMessage(std::string_view bytes, const Descriptor& descriptor, const Where& where,
                          int depth) {
  if (depth > kDepthMax) return Malformed(where, "too many messages within each other");
  std::uint32_t before = 0;
  std::set<const OneofDescriptor*> chosen;  // holds nothing, and so costs nothing, in most messages
  while (!bytes.empty()) {
    const auto tag = wire::TakeTag(bytes);
    if (!tag) return Malformed(where, "no field where one should begin");
    const FieldDescriptor* field = descriptor.FindFieldByNumber(static_cast<int>(tag->field));
    if (field == nullptr) return Malformed(where, absl::StrCat("unknown field ", tag->field));
    const Where inner{&where, field->name()};
    if (tag->field < before) return Malformed(inner, "fields must be in ascending order");
    const bool may_repeat = field->is_repeated() && !field->is_packed();
    if (tag->field == before && !may_repeat) return Malformed(inner, "it is there twice");
    before = tag->field;
    const OneofDescriptor* oneof = field->real_containing_oneof();
    if (oneof != nullptr && !chosen.insert(oneof).second) {
      return Malformed(inner, absl::StrCat("only one ", oneof->name(), " can be given"));
    }
    absl::Status value = CheckValue(bytes, *field, tag->type, inner, depth);
    if (!value.ok()) return value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckWireForm(std::string_view bytes, const Descriptor& descriptor) {
  return CheckMessage(bytes, descriptor, {nullptr, descriptor.name()}, 0);
}

}  // namespace assent
