// Files of the command line: bounded reading, secrets that only their owner may read, and writing
// that leaves no half a file.
#ifndef ASSENT_CLIENT_FILES_H_
#define ASSENT_CLIENT_FILES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/secret_text.h"

namespace assent::client {

inline constexpr std::size_t kRecordFileBytesMax = 1024 * 1024;
inline constexpr std::size_t kEntriesFileBytesMax =
    256 * 1024 * 1024;  // prepared or signed entries
inline constexpr int kSecretMode = 0600;
inline constexpr int kPublicMode = 0644;

// The whole file; "-" is standard input. NotFound, PermissionDenied; InvalidArgument when it has
// more than `bytes_max`.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max);

// The same for a secret. PermissionDenied unless it is a regular file of ours that nobody else may
// read or write.
absl::StatusOr<SecretText> ReadSecretFile(const std::string& path, std::size_t bytes_max);

// Writes a file that must not exist yet, synced to disk. AlreadyExists when it does.
absl::Status WriteNewFile(const std::string& path, std::string_view content, int mode);

// Writes or replaces a file in one step: readers see the old or the new. "-" is standard output.
absl::Status ReplaceFile(const std::string& path, std::string_view content, int mode);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_FILES_H_
