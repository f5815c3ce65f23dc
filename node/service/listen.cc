#include "node/service/listen.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"

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

// host:port or [host]:port.
std::optional<std::pair<std::string, std::string>> SplitAddress(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  std::string host = address.substr(0, colon);
  std::string port = address.substr(colon + 1);
  const bool digits = port.find_first_not_of("0123456789") == std::string::npos;
  if (port.empty() || port.size() > 5 || !digits || std::stoi(port) > 65'535) return std::nullopt;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  return std::pair(std::move(host), std::move(port));
}

// 0, or the error of binding it.
int TryBind(const addrinfo& address) {
  const Socket socket(::socket(address.ai_family, address.ai_socktype, address.ai_protocol));
  if (socket.fd() < 0) return errno;
  const int on = 1;
  if (::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0) return errno;
  if (::bind(socket.fd(), address.ai_addr, address.ai_addrlen) != 0) return errno;
  // Two sockets with SO_REUSEADDR can be bound to one address; only one can listen.
  return ::listen(socket.fd(), 1) == 0 ? 0 : errno;
}

}  // namespace

absl::Status CheckTcpAddress(const std::string& address) {
  const auto parts = SplitAddress(address);
  if (!parts) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", address, "' is no address to listen on: write host:port, for example 0.0.0.0:7402"));
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(parts->first.c_str(), parts->second.c_str(), &hints, &found);
  if (error != 0) return CannotListen(address, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  int failure = 0;
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    failure = TryBind(*next);
    if (failure == 0) return absl::OkStatus();
  }
  return CannotListen(address, ErrorText(failure));
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
