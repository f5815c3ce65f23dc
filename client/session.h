// A connection to one node, whose TLS key is pinned by the founding act, with deadlines, retries
// and errors that say what to do.
#ifndef ASSENT_CLIENT_SESSION_H_
#define ASSENT_CLIENT_SESSION_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/ledger.grpc.pb.h"
#include "client/settings.h"
#include "grpcpp/grpcpp.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

inline constexpr std::chrono::seconds kCallTimeoutDefault{30};
inline constexpr std::chrono::milliseconds kRetryFirst{100};
inline constexpr std::chrono::milliseconds kRetryMax{3'000};
// A node that has never answered is not waited for longer than this.
inline constexpr std::chrono::seconds kConnectPatience{5};
// While a call is open the node is asked so often whether it is still there (it permits every
// 10 s), and the connection is given up when it does not say so in time: a stream that waits for
// the next entry would never find out otherwise.
inline constexpr std::chrono::milliseconds kKeepalive{20'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{10'000};

// A gRPC status as ours; a refusal in its details keeps its reason.
absl::Status FromGrpc(const grpc::Status& status);

// Tries again, ever more slowly, what may succeed later: the node was unreachable or its queues
// full. One call's retries; not for what was refused.
bool MaySucceedLater(const grpc::Status& status);
class Retry {
 public:
  using Clock = std::chrono::steady_clock;
  Retry(Clock::time_point deadline, std::function<void(Clock::duration)> sleep);
  // True after a pause when `status` is worth another try before the deadline.
  bool Again(const grpc::Status& status);

 private:
  Clock::time_point deadline_;
  std::function<void(Clock::duration)> sleep_;
  Clock::duration pause_ = kRetryFirst;
};

// Methods may be called from any thread.
class Session {
 public:
  // Reads act and keys. Nothing is dialled yet. UsageError when node or act are not given.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const Settings& settings,
                                                       std::chrono::seconds call_timeout);

  template <class Request, class Response>
  using Method = grpc::Status (v1::Ledger::Stub::*)(grpc::ClientContext*, const Request&,
                                                    Response*);

  // Calls, with retries until `timeout` (the session's when zero).
  template <class Request, class Response>
  absl::StatusOr<Response> Call(Method<Request, Response> method, const Request& request,
                                std::chrono::seconds timeout = {}) {
    Response response;
    const auto status = WithRetries(timeout, [&](grpc::ClientContext& context) {
      response.Clear();
      return (stub_.get()->*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  const FoundingAct& act() const { return act_; }
  const std::string& node() const { return node_; }
  v1::Ledger::Stub& stub() { return *stub_; }
  // Tells what a failed stream means.
  absl::Status Explain(const grpc::Status& status) const;
  // Before another try. Sleeps while connected; else waits for the connection, at most so long:
  // gRPC makes progress only while somebody waits in it.
  void Pause(std::chrono::milliseconds duration);
  // A stream of this session has brought an answer: the node is there.
  void NoteAnswer() { answered_ = true; }

 private:
  Session(FoundingAct act, std::string node, std::shared_ptr<grpc::Channel> channel,
          std::chrono::seconds call_timeout);
  // Whether it means that no call has reached the node yet.
  bool Unreached(const grpc::Status& status) const;
  absl::Status WithRetries(std::chrono::seconds timeout,
                           const std::function<grpc::Status(grpc::ClientContext&)>& call);

  FoundingAct act_;
  std::string node_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Ledger::Stub> stub_;
  std::chrono::seconds call_timeout_;
  std::atomic<bool> answered_ = false;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SESSION_H_
