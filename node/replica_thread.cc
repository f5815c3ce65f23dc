#include "node/replica_thread.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

namespace assent::node {

ReplicaThread::ReplicaThread(replica::Replica* replica, const replica::Clock* clock,
                             std::function<void(const absl::Status&)> on_failure, Watch watch)
    : replica_(replica),
      clock_(clock),
      on_failure_(std::move(on_failure)),
      watch_(std::move(watch)) {}

void ReplicaThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ReplicaThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  inputs_.clear();
}

void ReplicaThread::Push(replica::Input input) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    first = inputs_.empty();
    inputs_.push_back(std::move(input));
  }
  if (first) wake_.notify_one();
}

std::deque<replica::Input> ReplicaThread::WaitForInputs() {
  std::optional<std::int64_t> deadline_us = replica_->next_deadline_us();
  if (watch_.each) {
    const std::int64_t turn_us = clock_->MonotonicUs() + watch_.each->count();
    deadline_us = std::min(deadline_us.value_or(turn_us), turn_us);
  }
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopping_ || !inputs_.empty(); };
  if (deadline_us) {
    const std::int64_t wait_us = std::max<std::int64_t>(0, *deadline_us - clock_->MonotonicUs());
    wake_.wait_for(lock, std::chrono::microseconds(wait_us), ready);
  } else {
    wake_.wait(lock, ready);
  }
  std::deque<replica::Input> taken;
  if (inputs_.size() <= kInputsPerTurnMax) {
    taken.swap(inputs_);
  } else {
    const auto end = inputs_.begin() + static_cast<std::ptrdiff_t>(kInputsPerTurnMax);
    taken.assign(std::make_move_iterator(inputs_.begin()), std::make_move_iterator(end));
    inputs_.erase(inputs_.begin(), end);
  }
  return taken;
}

void ReplicaThread::Run() {
  ::pthread_setname_np(::pthread_self(), kName);  // for who looks at the process from outside
  absl::Status status = replica_->Start();
  while (status.ok()) {
    std::deque<replica::Input> inputs = WaitForInputs();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    for (replica::Input& input : inputs) replica_->Handle(std::move(input));
    status = replica_->EndTurn();
    if (status.ok() && watch_.turned) watch_.turned();
  }
  on_failure_(status);
}

}  // namespace assent::node
