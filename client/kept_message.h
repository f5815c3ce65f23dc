// A message in a file of a saved ledger: "assent NAME 1\n" || message || SHA-256 of these two.
#ifndef ASSENT_CLIENT_KEPT_MESSAGE_H_
#define ASSENT_CLIENT_KEPT_MESSAGE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message_lite.h"

namespace assent::client {

std::string FormatKept(std::string_view name, const google::protobuf::MessageLite& message);
// InvalidArgument: not those bytes, or of another version.
absl::Status ParseKept(std::string_view name, std::string_view bytes,
                       google::protobuf::MessageLite& message);

// Replaces the file of this name in the folder in one step.
absl::Status SaveKept(const std::string& folder, std::string_view name,
                      const google::protobuf::MessageLite& message);
// NotFound: none was saved there. InvalidArgument as above, or more than `bytes_max`.
absl::Status LoadKept(const std::string& folder, std::string_view name, std::size_t bytes_max,
                      google::protobuf::MessageLite& message);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_KEPT_MESSAGE_H_
