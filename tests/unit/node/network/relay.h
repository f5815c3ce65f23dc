// A wire between two nodes that can be cut, or fall silent, without either end being told.
#ifndef ASSENT_TESTS_UNIT_NODE_NETWORK_RELAY_H_
#define ASSENT_TESTS_UNIT_NODE_NETWORK_RELAY_H_

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace assent::network {

// Listens on a port of loopback and passes bytes on to another, both ways.
class Relay {
 public:
  explicit Relay(int target_port);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const { return port_; }
  // Passes nothing on any more; connections stay open.
  void FallSilent() { silent_ = true; }
  std::size_t bytes() const { return bytes_; }

 private:
  void Accept();
  void Pass(int from, int to);

  const int target_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> silent_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> bytes_ = 0;
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

// A TCP connection to a port of loopback; the caller closes it.
int ConnectTcp(int port);

}  // namespace assent::network

#endif  // ASSENT_TESTS_UNIT_NODE_NETWORK_RELAY_H_
