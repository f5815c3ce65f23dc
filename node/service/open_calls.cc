#include "node/service/open_calls.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace assent::service {
namespace {

// Calls may remove themselves while they are told something, so they are told outside the lock.
std::vector<std::shared_ptr<OpenCall>> Alive(
    const std::map<const OpenCall*, std::weak_ptr<OpenCall>>& calls) {
  std::vector<std::shared_ptr<OpenCall>> alive;
  alive.reserve(calls.size());
  for (const auto& [key, call] : calls) {
    if (auto strong = call.lock()) alive.push_back(std::move(strong));
  }
  return alive;
}

}  // namespace

void OpenCalls::Add(const std::shared_ptr<OpenCall>& call) {
  {
    const std::lock_guard lock(mutex_);
    calls_[call.get()] = call;
    if (!ended_) return;
    newest_ = std::chrono::steady_clock::now();
  }
  call->End(end_);  // end_ does not change any more
}

void OpenCalls::Remove(const OpenCall* call) {
  const std::lock_guard lock(mutex_);
  calls_.erase(call);
}

void OpenCalls::WakeAll(bool of_known) {
  std::vector<std::shared_ptr<OpenCall>> alive;
  {
    const std::lock_guard lock(mutex_);
    alive = Alive(calls_);
  }
  for (const auto& call : alive) {
    if (call->OfKnown() == of_known) call->Wake();
  }
}

void OpenCalls::EndAll(const grpc::Status& status) {
  std::vector<std::shared_ptr<OpenCall>> alive;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    end_ = status;
    newest_ = std::chrono::steady_clock::now();
    alive = Alive(calls_);
  }
  for (const auto& call : alive) call->End(status);
}

void OpenCalls::WaitUntilQuiet(std::chrono::milliseconds quiet, std::chrono::milliseconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (true) {
    std::chrono::steady_clock::time_point until;
    {
      const std::lock_guard lock(mutex_);
      until = std::min(newest_ + quiet, end);
    }
    if (std::chrono::steady_clock::now() >= until) return;
    std::this_thread::sleep_until(until);
  }
}

}  // namespace assent::service
