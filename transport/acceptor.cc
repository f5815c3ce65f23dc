#include "transport/acceptor.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent::transport {
namespace {

// After the process, or the machine, had no descriptor left.
constexpr int kPauseMs = 100;

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

// A socket that listens; -1 with errno when there cannot be one.
int ListenAt(const addrinfo& address) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  // Two sockets with SO_REUSEADDR can be bound to one address; only one can listen.
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      ::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0) {
    return fd;
  }
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

// The port field of both families' addresses.
in_port_t& PortOf(sockaddr* address) {
  return address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(address)->sin6_port
                                        : reinterpret_cast<sockaddr_in*>(address)->sin_port;
}

int BoundPort(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  auto* const address = reinterpret_cast<sockaddr*>(&bound);
  return ::getsockname(fd, address, &size) == 0 ? ntohs(PortOf(address)) : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Listen(const std::string& address) {
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

  std::unique_ptr<Acceptor> acceptor(new Acceptor);
  acceptor->stop_fd_ = ::eventfd(0, EFD_CLOEXEC);
  if (acceptor->stop_fd_ < 0) return CannotListen(address, std::strerror(errno));
  int failure = 0;
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    // A name's addresses share one port.
    if (acceptor->port_ != 0) {
      PortOf(next->ai_addr) = htons(static_cast<std::uint16_t>(acceptor->port_));
    }
    const int fd = ListenAt(*next);
    if (fd < 0) {
      failure = errno;
      continue;
    }
    acceptor->listeners_.push_back(fd);
    acceptor->port_ = BoundPort(fd);
  }
  if (acceptor->listeners_.empty()) return CannotListen(address, std::strerror(failure));
  return acceptor;
}

Acceptor::~Acceptor() {
  Stop();
  for (const int listener : listeners_) ::close(listener);
  if (stop_fd_ >= 0) ::close(stop_fd_);
}

void Acceptor::AddTo(grpc::ServerBuilder& builder,
                     std::shared_ptr<grpc::ServerCredentials> credentials) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  server_ =
      builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, std::move(credentials));
}

void Acceptor::Start(int descriptors_max, std::size_t of_address_max) {
  descriptors_max_ = descriptors_max;
  of_address_max_ = of_address_max;
  thread_ = std::thread([this] { Run(); });
}

void Acceptor::Stop() {
  if (!thread_.joinable()) return;
  ::eventfd_write(stop_fd_, 1);
  thread_.join();
}

void Acceptor::Run() {
  std::vector<pollfd> fds{{stop_fd_, POLLIN, 0}};
  for (const int listener : listeners_) fds.push_back({listener, POLLIN, 0});
  while (true) {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds.front().revents != 0) return;
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents != 0) Accept(fds[i].fd);
    }
  }
}

void Acceptor::Accept(int listener) {
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  const int fd =
      ::accept4(listener, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    // A connection that is gone again needs no pause; for anything else there is no room now.
    if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) return;
    pollfd stop{stop_fd_, POLLIN, 0};
    ::poll(&stop, 1, kPauseMs);
    return;
  }
  if (fd >= descriptors_max_) {
    ++no_descriptors_;
    ::close(fd);
    return;
  }
  if (!open_.Add(ClientOf(from), fd, of_address_max_)) {
    ++of_address_;
    ::close(fd);
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
  connection.listener_fd = listener;
  connection.fd = fd;
  server_->HandleNewConnection(&connection);
}

}  // namespace assent::transport
