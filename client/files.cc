#include "client/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status Failed(const std::string& path, std::string_view what) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", AbslView(what), " ", path));
}

absl::Status TooLarge(const std::string& path, std::size_t bytes_max) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is larger than ", bytes_max, " bytes: is it the right file?"));
}

absl::StatusOr<std::string> ReadAll(int fd, const std::string& path, std::size_t bytes_max) {
  std::string content;
  std::array<char, 64 * 1024> chunk;
  while (true) {
    const ssize_t size = ::read(fd, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failed(path, "read");
    if (size == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(size));
    if (content.size() > bytes_max) return TooLarge(path, bytes_max);
  }
}

absl::StatusOr<SecretText> ReadSecret(int fd, const std::string& path, std::size_t bytes_max) {
  SecretText content(bytes_max + 1);
  while (true) {
    const auto room = content.room();
    if (room.empty()) return TooLarge(path, bytes_max);
    const ssize_t size = ::read(fd, room.data(), room.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failed(path, "read");
    if (size == 0) return content;
    content.Grow(static_cast<std::size_t>(size));
  }
}

absl::Status WriteAll(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = ::write(fd, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failed(path, "write");
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  return absl::OkStatus();
}

absl::Status WriteAndSync(int fd, const std::string& path, std::string_view content) {
  if (auto status = WriteAll(fd, path, content); !status.ok()) return status;
  if (::fsync(fd) != 0) return Failed(path, "write");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  if (path == "-") return ReadAll(STDIN_FILENO, "standard input", bytes_max);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Failed(path, "open");
  return ReadAll(file.get(), path, bytes_max);
}

absl::StatusOr<SecretText> ReadSecretFile(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return Failed(path, "open");
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return Failed(path, "open");
  if (!S_ISREG(info.st_mode)) {
    return absl::PermissionDeniedError(absl::StrCat(path, " is not a regular file"));
  }
  if (info.st_uid != ::geteuid()) {
    return absl::PermissionDeniedError(absl::StrCat(path, " belongs to another user"));
  }
  if ((info.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(
        absl::StrFormat("%s holds a secret, but others may use it (mode %04o): chmod 600 %s", path,
                        info.st_mode & 07777, path));
  }
  return ReadSecret(file.get(), path, bytes_max);
}

absl::Status WriteNewFile(const std::string& path, std::string_view content, int mode) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (file.get() < 0) {
    if (errno == EEXIST) {
      return absl::AlreadyExistsError(absl::StrCat(path, " exists already: it is not overwritten"));
    }
    return Failed(path, "create");
  }
  auto status = WriteAndSync(file.get(), path, content);
  if (!status.ok()) ::unlink(path.c_str());
  return status;
}

absl::Status ReplaceFile(const std::string& path, std::string_view content, int mode) {
  if (path == "-") return WriteAll(STDOUT_FILENO, "standard output", content);
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    // A pipe or device (/dev/stdout): there is nothing to replace.
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) return Failed(path, "open");
    return WriteAll(file.get(), path, content);
  }
  const std::string fresh = absl::StrCat(path, ".new.", ::getpid());
  if (auto status = WriteNewFile(fresh, content, mode); !status.ok()) return status;
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    auto status = Failed(path, "replace");
    ::unlink(fresh.c_str());
    return status;
  }
  return absl::OkStatus();
}

}  // namespace assent::client
