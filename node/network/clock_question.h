// What a peer's clock shows, against our own.
#ifndef ASSENT_NODE_NETWORK_CLOCK_QUESTION_H_
#define ASSENT_NODE_NETWORK_CLOCK_QUESTION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "assent/v1/peer.pb.h"
#include "grpcpp/grpcpp.h"
#include "node/network/peer_address.h"

namespace assent::network {

// Microseconds since 1970 UTC.
std::int64_t WallUs();

// From what our clock showed when the question left, how long the answer took, and what it says:
// our clock is taken as of the middle. Nothing when the answer can be no time.
std::optional<ClockOffset> OffsetOf(std::int64_t asked_wall_us, std::chrono::microseconds took,
                                    std::int64_t peer_us);

// One question, from its beginning to its end.
class ClockQuestion {
 public:
  // Called once, on a thread of gRPC's: returns quickly, and takes the question over; it must not
  // be let go of there (outgoing.h).
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnTime(std::shared_ptr<ClockQuestion> question,
                        std::optional<ClockOffset> offset) = 0;
  };

  explicit ClockQuestion(std::shared_ptr<Owner> owner) : owner_(std::move(owner)) {}

  // Once; `self` is kept until the end.
  void Begin(const std::shared_ptr<grpc::Channel>& channel, std::shared_ptr<ClockQuestion> self);
  // Any thread, any number of times.
  void Cancel() { context_.TryCancel(); }

 private:
  const std::shared_ptr<Owner> owner_;
  std::shared_ptr<ClockQuestion> self_;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::ClientContext context_;
  v1::GetTimeRequest request_;
  v1::GetTimeResponse response_;
  std::int64_t asked_wall_us_ = 0;
  std::chrono::steady_clock::time_point asked_at_;
};

// The same for who can wait. The status is the call's; OutOfRange: the answer can be no time.
absl::StatusOr<ClockOffset> AskTime(const std::shared_ptr<grpc::Channel>& channel,
                                    std::chrono::milliseconds timeout);

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_CLOCK_QUESTION_H_
