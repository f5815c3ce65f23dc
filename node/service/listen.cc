#include "node/service/listen.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"
#include "transport/acceptor.h"

namespace assent::service {
namespace {

// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

std::string ErrorText(int error) { return std::strerror(error); }

absl::Status CannotListen(const std::string& where, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", where, ": ", AbslView(why)));
}

}  // namespace

absl::Status CheckTcpAddress(const std::string& address) {
  return transport::Acceptor::Listen(address).status();
}

absl::Status CheckUnixPath(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' cannot be the path of a socket: it must have 1 to ",
                     sizeof(address.sun_path) - 1, " bytes"));
  }
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    return errno == ENOENT ? absl::OkStatus() : CannotListen(path, ErrorText(errno));
  }
  if (!S_ISSOCK(info.st_mode)) {
    return CannotListen(path, "there is a file of this name that is not a socket; move it away");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const Socket socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (socket.fd() < 0) return CannotListen(path, ErrorText(errno));
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return CannotListen(path, "another process listens there; is a node running already?");
  }
  return absl::OkStatus();
}

absl::Status RestrictToOwner(const std::string& path) {
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot restrict ", path, " to its owner: ", ErrorText(errno)));
}

}  // namespace assent::service
