// The one thread on which the replica runs: takes inputs in turns, writes once a turn, waits for
// the next deadline.
#ifndef ASSENT_NODE_REPLICA_THREAD_H_
#define ASSENT_NODE_REPLICA_THREAD_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "node/replica/clock.h"
#include "node/replica/replica.h"

namespace assent::node {

// Any thread may push. Those who push bound what they have under way (see Ingress).
class ReplicaThread {
 public:
  static constexpr std::size_t kInputsPerTurnMax = 512;
  static constexpr const char* kName = "replica";

  // Who watches whether turns are made.
  struct Watch {
    std::optional<std::chrono::microseconds>
        each;                      // one must be made so often, with nothing to do, too
    std::function<void()> turned;  // told after each; empty: nobody
  };

  // `on_failure` is called once, on this thread, when the replica cannot go on (its journal cannot
  // be written).
  ReplicaThread(replica::Replica* replica, const replica::Clock* clock,
                std::function<void(const absl::Status&)> on_failure, Watch watch);
  ~ReplicaThread() { Stop(); }
  ReplicaThread(const ReplicaThread&) = delete;
  ReplicaThread& operator=(const ReplicaThread&) = delete;

  void Start();
  // Ends the present turn and stops; inputs that wait are dropped.
  void Stop();
  void Push(replica::Input input);

 private:
  void Run();
  std::deque<replica::Input> WaitForInputs();

  replica::Replica* const replica_;
  const replica::Clock* const clock_;
  const std::function<void(const absl::Status&)> on_failure_;
  const Watch watch_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<replica::Input> inputs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace assent::node

#endif  // ASSENT_NODE_REPLICA_THREAD_H_
