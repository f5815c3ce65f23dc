// Between Entry and its wire message. Not part of the public headers that are free of generated code: only
// for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_ENTRY_PROTO_H_
#define ASSENT_LEDGER_ENTRY_PROTO_H_

#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "ledger/entry/entry.h"

namespace assent {

v1::Entry ToProto(const Entry& entry);
// Everything that Entry::Parse checks, and the sizes of signature and salt; unknown fields are refused.
absl::StatusOr<Entry> FromProto(const v1::Entry& message);
// The same, without copying header and body.
absl::StatusOr<Entry> FromProto(v1::Entry&& message);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_PROTO_H_
