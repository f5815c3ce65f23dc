// Processes that assent-bench starts, measures and ends; no others.
#ifndef ASSENT_TESTS_BENCH_LOAD_PROCESS_H_
#define ASSENT_TESTS_BENCH_LOAD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace assent::bench {

inline constexpr std::chrono::seconds kStopPatience{10};  // from SIGTERM to SIGKILL

// What a process has used since its start, from /proc.
struct Usage {
  double cpu_seconds = 0;  // user and system, all threads
  std::uint64_t resident_bytes = 0;
  std::uint64_t written_bytes = 0;  // to disk; 0 where the system does not tell
};
// NotFound: there is no such process.
absl::StatusOr<Usage> UsageOf(pid_t pid);

// A running process. Ends with this object: SIGTERM, then SIGKILL; also when this program dies.
class Process {
 public:
  // `command[0]` is a path; output is appended to the file `log`. The calling thread must outlive
  // the process.
  static absl::StatusOr<Process> Start(const std::vector<std::string>& command, std::string log);
  ~Process() { Stop(); }
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  // Waits for the process to end by itself; Ok when it did with status 0.
  absl::Status Wait();
  void Stop();
  // FailedPrecondition, naming the log, when it has ended.
  absl::Status CheckRuns();
  pid_t pid() const { return pid_; }
  const std::string& log() const { return log_; }

 private:
  Process(pid_t pid, std::string name, std::string log);
  absl::Status Ended(int wait_status) const;

  pid_t pid_;  // 0: it has ended
  std::string name_;
  std::string log_;
};

// Ports of 127.0.0.1 that are free now.
absl::StatusOr<std::vector<std::uint16_t>> FreePorts(std::size_t count);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_PROCESS_H_
