#include "node/network/clock_question.h"

#include <utility>

#include "assent/v1/peer.grpc.pb.h"
#include "node/network/bytes.h"
#include "node/network/limits.h"

namespace assent::network {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

microseconds Since(steady_clock::time_point start) {
  return std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
}

}  // namespace

std::int64_t WallUs() {
  return std::chrono::duration_cast<microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<ClockOffset> OffsetOf(std::int64_t asked_wall_us, microseconds took,
                                    std::int64_t peer_us) {
  const std::int64_t margin_us = took.count() / 2;
  ClockOffset offset;
  offset.margin = Microseconds(margin_us);
  if (__builtin_sub_overflow(asked_wall_us + margin_us, peer_us, &offset.ahead.us)) {
    return std::nullopt;
  }
  return offset;
}

void ClockQuestion::Begin(const std::shared_ptr<grpc::Channel>& channel,
                          std::shared_ptr<ClockQuestion> self) {
  self_ = std::move(self);
  channel_ = channel;
  context_.set_deadline(std::chrono::system_clock::now() + kClockTimeout);
  asked_at_ = steady_clock::now();  // first: what comes between the two is in the margin
  asked_wall_us_ = WallUs();
  v1::Peer::NewStub(channel)->async()->GetTime(
      &context_, &request_, &response_, [this](const grpc::Status& status) {
        std::optional<ClockOffset> offset;
        if (status.ok()) {
          offset = OffsetOf(asked_wall_us_, Since(asked_at_), response_.time_us());
        }
        const std::shared_ptr<Owner> owner = owner_;
        owner->OnTime(std::move(self_), offset);
      });
}

absl::StatusOr<ClockOffset> AskTime(const std::shared_ptr<grpc::Channel>& channel,
                                    std::chrono::milliseconds timeout) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  v1::GetTimeResponse response;
  const auto asked_at = steady_clock::now();  // first, as above
  const std::int64_t asked_wall_us = WallUs();
  const grpc::Status status =
      v1::Peer::NewStub(channel)->GetTime(&context, v1::GetTimeRequest(), &response);
  if (!status.ok()) return FromGrpc(status);
  const auto offset = OffsetOf(asked_wall_us, Since(asked_at), response.time_us());
  if (!offset) return absl::OutOfRangeError("what it tells can be no time");
  return *offset;
}

}  // namespace assent::network
