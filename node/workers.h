// A few threads that work through many short queues: each queue in order, none of two threads at
// once.
#ifndef ASSENT_NODE_WORKERS_H_
#define ASSENT_NODE_WORKERS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assent::node {

// Any thread may post. Jobs that are posted after Stop() are dropped.
class Workers {
 public:
  using Job = std::function<void()>;

  explicit Workers(std::size_t threads);
  ~Workers() { Stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Makes so many queues more. Returns the number of the first.
  std::size_t AddQueues(std::size_t count);
  // The caller bounds how many jobs wait.
  void Post(std::size_t queue, Job job);
  // Jobs that wait, in all queues.
  std::size_t waiting() const;
  // Waits for jobs that run and drops those that wait.
  void Stop();

 private:
  struct Queue {
    std::deque<Job> jobs;
    bool scheduled = false;  // in ready_, or a thread works on it
  };

  void Run();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Queue> queues_;
  std::deque<std::size_t> ready_;  // queues that have jobs and no thread
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_WORKERS_H_
