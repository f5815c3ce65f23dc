// Threads that read the database for the services: gRPC's own threads must not wait for a disk.
// Clients take turns, so that one who asks for much waits for itself.
#ifndef ASSENT_NODE_SERVICE_READ_POOL_H_
#define ASSENT_NODE_SERVICE_READ_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace assent::service {

// Whose job it is. The node's own are those of somebody known without a name.
struct Turn {
  bool known = true;
  std::string name;
};

// So many; `nice`: what their priority is lowered to, where the system lets it.
struct ReadThreads {
  std::size_t count = 0;
  int nice = 0;
};

// Any thread may post.
class ReadPool {
 public:
  using Job = std::function<void()>;
  using Threads = ReadThreads;

  // Strangers have threads of their own, so that nobody who is known waits until one of their jobs
  // is done. Without such they share those of the others. Jobs wait until Start().
  explicit ReadPool(Threads known, Threads strangers = {});
  explicit ReadPool(std::size_t threads) : ReadPool(Threads{threads}) {}
  ~ReadPool() { Stop(); }
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // Starts the threads, once: when everything is there that jobs use.
  void Start();
  // Runs `job` on one of the threads, of one client's jobs the oldest first. Whoever posts bounds
  // how many jobs wait (limits.h). After Stop() jobs are dropped.
  void Post(Job job) { Post(Turn(), std::move(job)); }
  void Post(const Turn& turn, Job job);
  // Runs what waits, then ends.
  void Stop();

 private:
  // Threads and the jobs that wait for one of them. Each lane has a lock of its own: a thread of
  // low priority may stand still with it.
  struct Lane {
    const ReadThreads wanted;
    std::mutex mutex = {};
    bool stopping = false;
    std::condition_variable wake = {};
    std::map<std::string, std::deque<Job>> of_client = {};  // none empty
    std::deque<std::string> turns = {};                     // each name that is there once
    std::vector<std::thread> threads = {};
  };

  static void Start(Lane& lane);
  static void Run(Lane& lane);
  static Job TakeNext(Lane& lane);

  Lane known_;
  Lane strangers_;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_READ_POOL_H_
