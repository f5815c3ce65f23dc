#include "node/service/read_pool.h"

#include <utility>

#include "node/quota/thread_priority.h"

namespace assent::service {

ReadPool::ReadPool(Threads known, Threads strangers) : known_{known}, strangers_{strangers} {}

void ReadPool::Start() {
  Start(known_);
  Start(strangers_);
}

void ReadPool::Start(Lane& lane) {
  for (std::size_t i = 0; i < lane.wanted.count; ++i) {
    lane.threads.emplace_back([&lane] { Run(lane); });
  }
}

void ReadPool::Post(const Turn& turn, Job job) {
  Lane& lane = turn.known || strangers_.wanted.count == 0 ? known_ : strangers_;
  {
    const std::lock_guard lock(lane.mutex);
    if (lane.stopping) return;
    std::deque<Job>& jobs = lane.of_client[turn.name];
    if (jobs.empty()) lane.turns.push_back(turn.name);
    jobs.push_back(std::move(job));
  }
  lane.wake.notify_one();
}

ReadPool::Job ReadPool::TakeNext(Lane& lane) {
  std::string name = std::move(lane.turns.front());
  lane.turns.pop_front();
  const auto jobs = lane.of_client.find(name);
  Job job = std::move(jobs->second.front());
  jobs->second.pop_front();
  if (jobs->second.empty()) {
    lane.of_client.erase(jobs);
  } else {
    lane.turns.push_back(std::move(name));
  }
  return job;
}

void ReadPool::Stop() {
  for (Lane* lane : {&known_, &strangers_}) {
    const std::lock_guard lock(lane->mutex);
    lane->stopping = true;
    lane->wake.notify_all();
  }
  for (Lane* lane : {&known_, &strangers_}) {
    for (std::thread& thread : lane->threads) {
      if (thread.joinable()) thread.join();
    }
  }
}

void ReadPool::Run(Lane& lane) {
  if (lane.wanted.nice != 0) quota::LowerPriority(lane.wanted.nice);
  std::unique_lock lock(lane.mutex);
  while (true) {
    lane.wake.wait(lock, [&] { return lane.stopping || !lane.turns.empty(); });
    if (lane.turns.empty()) return;
    Job job = TakeNext(lane);
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace assent::service
