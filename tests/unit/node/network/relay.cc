#include "tests/unit/node/network/relay.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>

namespace assent::network {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

constexpr int kPollMs = 20;

}  // namespace

int ConnectTcp(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  return fd;
}

Relay::Relay(int target_port) : target_port_(target_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(listener_, 16), 0);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

Relay::~Relay() {
  stopping_ = true;
  accepting_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int fd : sockets_) ::close(fd);
  ::close(listener_);
}

void Relay::Accept() {
  while (!stopping_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, kPollMs) <= 0) continue;
    const int near = ::accept(listener_, nullptr, nullptr);
    const int far = ConnectTcp(target_port_);
    const std::lock_guard lock(mutex_);
    sockets_.insert(sockets_.end(), {near, far});
    threads_.emplace_back([this, near, far] { Pass(near, far); });
    threads_.emplace_back([this, near, far] { Pass(far, near); });
  }
}

void Relay::Pass(int from, int to) {
  std::array<char, 65'536> buffer;
  while (!stopping_) {
    pollfd ready{from, POLLIN, 0};
    if (silent_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
      continue;
    }
    if (::poll(&ready, 1, kPollMs) <= 0 || silent_) continue;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) break;
    bytes_ += static_cast<std::size_t>(got);
    if (::send(to, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) break;
  }
  if (!stopping_) ::shutdown(to, SHUT_WR);
}

}  // namespace assent::network
