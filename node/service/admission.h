// Lets a call in, or says which limit it has met and when to try again; and counts those that were
// turned away. All limits on clients meet here.
#ifndef ASSENT_NODE_SERVICE_ADMISSION_H_
#define ASSENT_NODE_SERVICE_ADMISSION_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "node/quota/quotas.h"
#include "node/quota/rate_limit.h"
#include "node/replica/clock.h"
#include "node/service/call_limit.h"

namespace assent::service {

enum class CallKind { kRead, kSubmission, kWatch, kAudit, kComparison };
inline constexpr std::size_t kCallKinds = 5;
// "read", "submission", ...
std::string_view NameOf(CallKind kind);

// "node", "strangers", ...
std::string_view NameOf(Met met);

// Calls that were turned away since the start.
struct TurnedAway {
  CallKind kind;
  Met met;
  std::uint64_t calls;
};

// Any thread. Places that were given may outlive it.
class Admission {
 public:
  // `clock` outlives it.
  Admission(const quota::Quotas& quotas, const replica::Clock* clock);

  // A place, given back when the last copy of it is gone; or null, and why: RESOURCE_EXHAUSTED,
  // with a refusal.
  struct Answer {
    std::shared_ptr<void> place;
    grpc::Status refusal;
  };
  Answer Admit(CallKind kind, const Caller& caller);
  // The same for the bytes of an answer to a read, until its client has taken it.
  Answer MakeRoom(const Caller& caller, std::size_t answer_bytes);
  // Counts a submission that quota::Refuse has refused farther in. False: it was something else.
  bool CountRefused(const absl::Status& submission);
  // For a call that has been refused. Null: tell it at once. Otherwise keep what is returned for
  // kRefusalHeld, and tell it then: the client is refused again and again.
  std::shared_ptr<void> HoldBack(const Caller& caller, std::size_t request_bytes);

  // Of each kind and limit that there is together.
  std::vector<TurnedAway> turned_away() const;

 private:
  void Count(CallKind kind, Met met);
  quota::RateLimit& RateOf(CallKind kind, const Caller& caller);

  const replica::Clock* const clock_;
  quota::RateLimit reads_of_address_;
  quota::RateLimit reads_of_key_;
  quota::RateLimit submissions_of_address_;
  quota::RateLimit submissions_of_key_;
  quota::RateLimit refusals_;
  std::array<CallLimit, kCallKinds> limits_;
  CallLimit answers_;
  CallLimit held_;
  std::array<std::array<std::atomic<std::uint64_t>, kMets>, kCallKinds> turned_away_{};
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_ADMISSION_H_
