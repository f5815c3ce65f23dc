// All calls under way, so that a commit can wake those that wait for one, and a stop can end every
// one.
#ifndef ASSENT_NODE_SERVICE_OPEN_CALLS_H_
#define ASSENT_NODE_SERVICE_OPEN_CALLS_H_

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "grpcpp/support/status.h"

namespace assent::service {

// A call of a client. Any thread.
class OpenCall {
 public:
  virtual ~OpenCall() = default;
  // A block was committed: there may be something new to read, or less that may be. On a worker.
  virtual void Wake() {}
  // Of somebody who is known by a key.
  virtual bool OfKnown() const { return true; }
  // Ends the call with `status` as soon as nothing is under way on it; nothing when it is over
  // already.
  virtual void End(const grpc::Status& status) = 0;
};

// Any thread.
class OpenCalls {
 public:
  // From here to Remove the call is woken and ended with the others. After EndAll it is ended at
  // once.
  void Add(const std::shared_ptr<OpenCall>& call);
  void Remove(const OpenCall* call);

  void WakeAll(bool of_known);
  // Ends every call, those to come too.
  void EndAll(const grpc::Status& status);
  // After EndAll: waits until no call has come for `quiet`, at most `most`.
  void WaitUntilQuiet(std::chrono::milliseconds quiet, std::chrono::milliseconds most);

 private:
  std::mutex mutex_;
  std::map<const OpenCall*, std::weak_ptr<OpenCall>> calls_;
  bool ended_ = false;
  grpc::Status end_;                              // ended_
  std::chrono::steady_clock::time_point newest_;  // when the newest call came, after the end
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_OPEN_CALLS_H_
