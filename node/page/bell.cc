#include "node/page/bell.h"

namespace assent::page {

void Bell::Ring() {
  {
    const std::lock_guard lock(mutex_);
    ++rung_;
  }
  wake_.notify_all();
}

void Bell::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
}

std::uint64_t Bell::rung() const {
  const std::lock_guard lock(mutex_);
  return rung_;
}

bool Bell::Wait(std::uint64_t heard, std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, at_most, [this, heard] { return closed_ || rung_ > heard; });
  return !closed_;
}

bool Bell::Pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [this] { return closed_; });
  return !closed_;
}

}  // namespace assent::page
