#include "transport/open_connections.h"

#include <netinet/in.h>

#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace assent::transport {
namespace {

constexpr std::size_t kSubscriberBytes = 8;  // of an IPv6 address

// Nothing when it is no open socket (any more).
std::optional<std::uint64_t> CookieOf(int fd) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) return std::nullopt;
  return cookie;
}

}  // namespace

std::string ClientOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    return std::string(reinterpret_cast<const char*>(&v4.sin_addr), sizeof(v4.sin_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof(v6));
  const auto* const bytes = reinterpret_cast<const char*>(v6.sin6_addr.s6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    return std::string(bytes + sizeof(v6.sin6_addr) - sizeof(in_addr), sizeof(in_addr));
  }
  return std::string(bytes, kSubscriberBytes);
}

bool OpenConnections::Add(const std::string& client, int fd, std::size_t most) {
  Remove(fd);  // it has been closed, or it would not be given again
  const auto own = by_client_.find(client);
  if (own != by_client_.end() && own->second.size() >= most) {
    std::vector<int> closed;
    for (const int one : own->second) {
      if (CookieOf(one) != by_fd_.at(one).cookie) closed.push_back(one);
    }
    if (closed.empty()) return false;
    for (const int one : closed) Remove(one);
  }
  const auto cookie = CookieOf(fd);
  if (!cookie) return true;  // nothing to count it by: no socket
  by_fd_[fd] = {client, *cookie};
  by_client_[client].insert(fd);
  return true;
}

void OpenConnections::Remove(int fd) {
  const auto found = by_fd_.find(fd);
  if (found == by_fd_.end()) return;
  const auto own = by_client_.find(found->second.client);
  own->second.erase(fd);
  if (own->second.empty()) by_client_.erase(own);
  by_fd_.erase(found);
}

}  // namespace assent::transport
