// Threads that read the database for the services: gRPC's own threads must not wait for a disk.
#ifndef ASSENT_NODE_SERVICE_READ_POOL_H_
#define ASSENT_NODE_SERVICE_READ_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assent::service {

// Any thread may post.
class ReadPool {
 public:
  using Job = std::function<void()>;

  explicit ReadPool(std::size_t threads);
  ~ReadPool() { Stop(); }
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // Runs `job` on one of the threads, oldest first. Whoever posts bounds how many jobs wait
  // (limits.h). After Stop() jobs are dropped.
  void Post(Job job);
  // Runs what waits, then ends.
  void Stop();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_READ_POOL_H_
