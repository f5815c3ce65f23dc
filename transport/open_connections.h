// Which connections of one server are open, by the address that they come from: so that no address
// takes all of them. gRPC, which has their descriptors, does not tell when it closes one.
#ifndef ASSENT_TRANSPORT_OPEN_CONNECTIONS_H_
#define ASSENT_TRANSPORT_OPEN_CONNECTIONS_H_

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace assent::transport {

// Whose connection it is: an IPv4 address, or of IPv6 the first 64 bits, which is what one
// subscriber has.
std::string ClientOf(const sockaddr_storage& address);

// A descriptor that was closed may soon be that of something else, so what is kept beside it is the
// socket's cookie, which is never given twice (SO_COOKIE, socket(7)). One thread.
class OpenConnections {
 public:
  // False, and it is not counted, when the client has `most` open ones already.
  bool Add(const std::string& client, int fd, std::size_t most);
  // Those that are kept: as many as were open at a time, at most.
  std::size_t size() const { return by_fd_.size(); }

 private:
  struct Connection {
    std::string client;
    std::uint64_t cookie;
  };

  void Remove(int fd);

  std::map<int, Connection> by_fd_;
  std::map<std::string, std::set<int>> by_client_;  // none empty
};

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_OPEN_CONNECTIONS_H_
