// What assent-bench puts load on: a cluster of processes on this machine that takes payloads.
#ifndef ASSENT_TESTS_BENCH_LOAD_TARGET_H_
#define ASSENT_TESTS_BENCH_LOAD_TARGET_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/load/process.h"

namespace assent::bench {

inline constexpr std::chrono::seconds kStartPatience{60};   // until every node answers
inline constexpr std::chrono::seconds kAnswerPatience{30};  // of one request
inline constexpr std::chrono::milliseconds kPollPause{50};
inline constexpr int kReconnectMs = 100;  // gRPC's own pauses grow to minutes while a node starts
// Of one question to a node that starts. It waits inside the call: between calls nobody drives
// gRPC's handshakes.
inline constexpr std::chrono::seconds kStartAttempt{2};

// What holds for all figures of a target: printed beside them.
struct Conditions {
  std::string answer;  // what an answer to a client means
  std::string tls;
  std::string sync;  // what is on disk when an answer comes
};

using SendDone = std::function<void(absl::Status)>;

class Target {
 public:
  virtual ~Target() = default;
  virtual std::string_view name() const = 0;
  virtual Conditions conditions() const = 0;
  // Starts the nodes and returns when every one answers.
  virtual absl::Status Start() = 0;
  // Sends one payload to a node. `done` is called once, from a thread of gRPC, at most
  // kAnswerPatience later. Any thread, also from `done`.
  virtual void Send(std::size_t node, SendDone done) = 0;
  // After the load: that what was answered is so. A sentence that says what was found.
  virtual absl::StatusOr<std::string> Check() = 0;
  // The nodes' processes, since Start().
  virtual const std::vector<Process>& nodes() const = 0;
};

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_TARGET_H_
