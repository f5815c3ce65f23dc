// The one form in which a message's bytes are accepted.
#ifndef ASSENT_LEDGER_ENTRY_WIRE_FORM_H_
#define ASSENT_LEDGER_ENTRY_WIRE_FORM_H_

#include <string_view>

#include "absl/status/status.h"

namespace google::protobuf {
class Descriptor;
}

namespace assent {

// Ok when `bytes` are what protobuf serializers write for a message of this type: only known
// fields, each of its type, in ascending order, once unless it is repeated, one of each oneof,
// numbers in their shortest form, defaults left out, text in UTF-8. InvalidArgument names the field
// ("Body.launch_report.time_us").
absl::Status CheckWireForm(std::string_view bytes, const google::protobuf::Descriptor& descriptor);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_WIRE_FORM_H_
