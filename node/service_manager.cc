#include "node/service_manager.h"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace assent::node {
namespace {

// So that one turn that comes late, or one message that is lost, ends no node.
constexpr int kTurnsInWatchdogTime = 4;

std::optional<std::chrono::microseconds> TurnEach() {
  std::uint64_t watchdog_us = 0;
  if (::sd_watchdog_enabled(/*unset_environment=*/0, &watchdog_us) <= 0) return std::nullopt;
  return std::chrono::microseconds(watchdog_us / kTurnsInWatchdogTime);
}

// A manager that cannot be told does what it does with a node that is silent.
void Tell(const std::string& state) { ::sd_notify(/*unset_environment=*/0, state.c_str()); }

}  // namespace

ServiceManager::ServiceManager() : turn_each_(TurnEach()) {}

void ServiceManager::Listens() {
  const std::lock_guard lock(mutex_);
  listens_ = true;
  TellReady();
}

void ServiceManager::Turned() {
  const std::lock_guard lock(mutex_);
  if (!turned_) {
    turned_ = true;
    TellReady();
  }
  if (!turn_each_) return;
  const Clock::time_point now = Clock::now();
  if (now - told_ < *turn_each_) return;
  told_ = now;
  Tell("WATCHDOG=1");
}

void ServiceManager::TellReady() const {
  if (listens_ && turned_) Tell("READY=1");
}

void ServiceManager::Says(std::string_view what) const { Tell("STATUS=" + std::string(what)); }

void ServiceManager::Stops() const { Tell("STOPPING=1"); }

}  // namespace assent::node
