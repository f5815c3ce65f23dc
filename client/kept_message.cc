#include "client/kept_message.h"

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "client/files.h"
#include "ledger/crypto/hash.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

std::string PathOf(const std::string& folder, std::string_view name) {
  return absl::StrCat(folder, "/", AbslView(name));
}

}  // namespace

std::string FormatKept(std::string_view name, const google::protobuf::MessageLite& message) {
  std::string out = absl::StrCat("assent ", AbslView(name), " 1\n");
  out += message.SerializeAsString();
  out += Sha256(out).view();
  return out;
}

absl::Status ParseKept(std::string_view name, std::string_view bytes,
                       google::protobuf::MessageLite& message) {
  const std::string of_any_version = absl::StrCat("assent ", AbslView(name), " ");
  const std::string magic = of_any_version + "1\n";
  if (bytes.starts_with(of_any_version) && !bytes.starts_with(magic)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", AbslView(name), " was saved by another version"));
  }
  if (bytes.starts_with(magic) && bytes.size() >= magic.size() + Hash::kSize) {
    const std::string_view hashed = bytes.substr(0, bytes.size() - Hash::kSize);
    if (Sha256(hashed).view() == bytes.substr(hashed.size()) &&
        message.ParseFromString(std::string(hashed.substr(magic.size())))) {
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("the saved ", AbslView(name), " is damaged"));
}

absl::Status SaveKept(const std::string& folder, std::string_view name,
                      const google::protobuf::MessageLite& message) {
  return ReplaceFile(PathOf(folder, name), FormatKept(name, message), kSecretMode);
}

absl::Status LoadKept(const std::string& folder, std::string_view name, std::size_t bytes_max,
                      google::protobuf::MessageLite& message) {
  const auto bytes = ReadFile(PathOf(folder, name), bytes_max);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(
        absl::StrCat(folder, ": no ", AbslView(name),
                     " was saved with this audit: let it go on with assent audit --save"));
  }
  if (!bytes.ok()) return bytes.status();
  absl::Status parsed = ParseKept(name, *bytes, message);
  if (parsed.ok()) return parsed;
  return absl::InvalidArgumentError(
      absl::StrCat(folder, ": ", parsed.message(), ": save the audit once more"));
}

}  // namespace assent::client
