// Between records as people write them (a tree from TOML or JSON) and protobuf messages. Nothing
// here knows a record type: names, times, degrees and enums follow from the messages, so a new
// record needs no code.
//
// A field `x_us` is the instant `x`; `x_udeg` is `x` in decimal degrees; bytes are hex; enums are
// names; everything else keeps its name and kind.
#ifndef ASSENT_CLIENT_RECORDS_H_
#define ASSENT_CLIENT_RECORDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "client/tree.h"
#include "ledger/types.h"

namespace assent::client {

// What a record file asks for.
struct RecordFile {
  v1::Body body;
  std::optional<Time> not_after;  // when the file says until when it may be filed
};

// All record types, as they are named in files: "AnnualDeclaration", ... in the order of the
// contract.
std::vector<std::string> RecordTypeNames();

// Reads a record from a parsed file. Keys of the file itself: `type` (required), `visibility`
// (MEMBERS when absent), `issued_at` (`now` when absent), `supersedes`, `not_after`; all others are
// the record's. Checks names, kinds and sizes of numbers; what the Code asks for is the ledger's to
// check. InvalidArgument: "NAME:LINE: what is wrong".
absl::StatusOr<RecordFile> ReadRecord(const Tree& file, std::string_view name, Time now);

// Name of the body's record type; empty when it has none.
std::string RecordTypeOf(const v1::Body& body);
// The body as ReadRecord takes it.
Tree RecordTree(const v1::Body& body);

// Fills `message` from a map. InvalidArgument as above.
absl::Status FillMessage(const Tree& map, std::string_view name,
                         google::protobuf::Message& message);

// What a tree made from a message shows of fields that have their default value.
enum class Defaults {
  kHide,  // for people and files
  kShow,  // for programs: a field is always there
};
Tree MessageTree(const google::protobuf::Message& message, Defaults defaults);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_RECORDS_H_
