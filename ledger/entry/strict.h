// Strict parsing of protobuf messages that come from outside: unknown and repeated fields at any depth and
// invalid UTF-8 are refused, so that what is signed has no part that nobody reads.
#ifndef ASSENT_LEDGER_ENTRY_STRICT_H_
#define ASSENT_LEDGER_ENTRY_STRICT_H_

#include <string_view>

#include "absl/status/status.h"

namespace google::protobuf {
class Message;
}

namespace assent {

// Parses `bytes`, at most kGrpcMessageBytesMax, into `message`. Only the form that protobuf serializers write is
// accepted (see wire_form.h). InvalidArgument names the first thing that is wrong.
absl::Status ParseStrict(std::string_view bytes, google::protobuf::Message& message);

// Refuses a message that was parsed elsewhere (by gRPC) and has unknown fields.
absl::Status CheckNoUnknownFields(const google::protobuf::Message& message);

// Text that people will read: UTF-8 in NFC, no invisible characters but joiners between letters that
// need them, no control characters but (if `multiline`) line feeds, size between the bounds in
// bytes. Says what is wrong.
absl::Status CheckText(std::string_view text, std::size_t bytes_min, std::size_t bytes_max,
                       bool multiline);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_STRICT_H_
