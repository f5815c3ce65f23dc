#include "node/page/fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/bytes.h"

namespace assent::page {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::string_view kTimeSuffix = "_us";
constexpr std::string_view kDegreesSuffix = "_udeg";

// Optional numbers of 64 bits that do not name an entry.
bool NamesEntry(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64 && field.has_optional_keyword() &&
         field.name() != "membership" && field.name() != "height";
}

std::string TermOf(const FieldDescriptor& field) {
  std::string_view name = field.name();
  for (const std::string_view suffix : {kTimeSuffix, kDegreesSuffix}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return Words(name);
}

std::string Degrees(std::int32_t udeg) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", udeg / 1e6);
  std::string degrees = text.data();
  degrees.erase(degrees.find_last_not_of('0') + 1);
  if (degrees.ends_with('.')) degrees.pop_back();
  return degrees + "\u00B0";
}

// One value, or one of a repeated field.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field, int at)
      : message_(message), field_(field), at_(at), reflection_(*message.GetReflection()) {}

  void Show(Html& html) const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        html.Add(Fields(at_ < 0 ? reflection_.GetMessage(message_, &field_)
                                : reflection_.GetRepeatedMessage(message_, &field_, at_)));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        ShowString(html);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        html.Text(reflection_.GetBool(message_, &field_) ? "yes" : "no");
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = at_ < 0 ? reflection_.GetEnumValue(message_, &field_)
                                   : reflection_.GetRepeatedEnumValue(message_, &field_, at_);
        const auto* value = field_.enum_type()->FindValueByNumber(number);
        html.Text(value == nullptr ? std::to_string(number) : Words(value->name()));
        break;
      }
      default:
        ShowNumber(html);
    }
  }

 private:
  void ShowString(Html& html) const {
    std::string scratch;
    const std::string& text =
        at_ < 0 ? reflection_.GetStringReference(message_, &field_, &scratch)
                : reflection_.GetRepeatedStringReference(message_, &field_, at_, &scratch);
    if (field_.type() == FieldDescriptor::TYPE_BYTES) {
      html.Raw("<code>").Text(ToHex(text)).Raw("</code>");
    } else {
      html.Raw("<span class=\"text\">").Text(text).Raw("</span>");
    }
  }

  void ShowNumber(Html& html) const {
    const bool one = at_ < 0;
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT64: {
        const std::int64_t number = one ? reflection_.GetInt64(message_, &field_)
                                        : reflection_.GetRepeatedInt64(message_, &field_, at_);
        if (std::string_view(field_.name()).ends_with(kTimeSuffix)) {
          html.Time(number);
        } else {
          html.Text(std::to_string(number));
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        const std::uint64_t number = one ? reflection_.GetUInt64(message_, &field_)
                                         : reflection_.GetRepeatedUInt64(message_, &field_, at_);
        if (NamesEntry(field_)) {
          html.Raw("entry ").Entry(number);
        } else {
          html.Number(number);
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_INT32: {
        const std::int32_t number = one ? reflection_.GetInt32(message_, &field_)
                                        : reflection_.GetRepeatedInt32(message_, &field_, at_);
        const bool degrees = std::string_view(field_.name()).ends_with(kDegreesSuffix);
        html.Text(degrees ? Degrees(number) : std::to_string(number));
        break;
      }
      case FieldDescriptor::CPPTYPE_UINT32:
        html.Number(one ? reflection_.GetUInt32(message_, &field_)
                        : reflection_.GetRepeatedUInt32(message_, &field_, at_));
        break;
      default:
        html.Text("a number that this page does not show");
    }
  }

  const Message& message_;
  const FieldDescriptor& field_;
  const int at_;  // -1: the field is not repeated
  const Reflection& reflection_;
};

}  // namespace

Html Fields(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  Html html;
  if (fields.empty()) return html.Text("nothing");
  html.Raw("<dl class=\"fields\">");
  for (const FieldDescriptor* field : fields) {
    html.Raw("<dt>").Text(TermOf(*field)).Raw("</dt>");
    const int count =
        field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : -1;
    for (int at = count < 0 ? -1 : 0; at < (count < 0 ? 0 : count); ++at) {
      html.Raw("<dd>");
      Value(message, *field, at).Show(html);
      html.Raw("</dd>");
    }
  }
  return html.Raw("</dl>");
}

std::string Json(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  // Fails only for messages that are not ours (Any, Timestamp).
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) return "{}";
  return text;
}

}  // namespace assent::page
