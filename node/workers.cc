#include "node/workers.h"

#include <pthread.h>

#include <utility>

namespace assent::node {

Workers::Workers(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

std::size_t Workers::AddQueues(std::size_t count) {
  const std::lock_guard lock(mutex_);
  const std::size_t first = queues_.size();
  queues_.resize(first + count);
  return first;
}

void Workers::Post(std::size_t queue, Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    Queue& target = queues_.at(queue);
    target.jobs.push_back(std::move(job));
    if (target.scheduled) return;
    target.scheduled = true;
    ready_.push_back(queue);
  }
  wake_.notify_one();
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const Queue& queue : queues_) count += queue.jobs.size();
  return count;
}

void Workers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  for (Queue& queue : queues_) queue.jobs.clear();
}

void Workers::Run() {
  ::pthread_setname_np(::pthread_self(), "checks");  // for who looks at the process from outside
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (stopping_) return;
    const std::size_t index = ready_.front();
    ready_.pop_front();
    Queue& queue = queues_[index];
    Job job = std::move(queue.jobs.front());
    queue.jobs.pop_front();

    lock.unlock();
    job();
    job = nullptr;
    lock.lock();

    queue.scheduled = !queue.jobs.empty();
    if (queue.scheduled) {
      ready_.push_back(index);
      wake_.notify_one();
    }
  }
}

}  // namespace assent::node
