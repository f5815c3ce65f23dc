// What a node tells the service manager that started it (systemd, sd_notify(3)): that it serves,
// what it is doing, that it still makes turns, that it stops.
#ifndef ASSENT_NODE_SERVICE_MANAGER_H_
#define ASSENT_NODE_SERVICE_MANAGER_H_

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace assent::node {

// Any thread. Without a manager in the environment (NOTIFY_SOCKET) nothing is told, and nothing is
// an error.
class ServiceManager {
 public:
  using Clock = std::chrono::steady_clock;

  // Reads the environment.
  ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  // How often Turned() must be called at least; nothing when nobody watches.
  std::optional<std::chrono::microseconds> turn_each() const { return turn_each_; }

  // The node listens. It is ready when it has made a turn as well.
  void Listens();
  // The replica has made a turn. Only its own thread may say so: a node whose replica hangs must
  // not look alive.
  void Turned();
  // One line for people.
  void Says(std::string_view what) const;
  void Stops() const;

 private:
  void TellReady() const;

  const std::optional<std::chrono::microseconds> turn_each_;
  std::mutex mutex_;
  bool listens_ = false;
  bool turned_ = false;
  Clock::time_point told_;  // of the last turn
};

}  // namespace assent::node

#endif  // ASSENT_NODE_SERVICE_MANAGER_H_
