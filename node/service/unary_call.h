// A unary call whose answer is made elsewhere: on a worker thread, or when an entry has become
// final. Its client may give up, and the node may stop, before the answer is there.
#ifndef ASSENT_NODE_SERVICE_UNARY_CALL_H_
#define ASSENT_NODE_SERVICE_UNARY_CALL_H_

#include <atomic>
#include <memory>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "node/service/open_calls.h"

namespace assent::service {

// The first of Answer, Fail, End and a cancellation ends the call; later ones do nothing. Any
// thread may call these, also after the call is over. Made by Start only, which gRPC's share of the
// ownership begins with. Whoever is to answer holds the call, and with it the call's place: what
// waits for a thread stays bounded also when clients give up at once.
template <class Response>
class UnaryCall : public grpc::ServerUnaryReactor,
                  public OpenCall,
                  public std::enable_shared_from_this<UnaryCall<Response>> {
 public:
  // `calls` outlives the call (not this object); `place` is given back with the last share of it.
  static std::shared_ptr<UnaryCall> Start(OpenCalls* calls, Response* response,
                                          std::shared_ptr<void> place) {
    std::shared_ptr<UnaryCall> call(new UnaryCall(calls, response, std::move(place)));
    call->self_ = call;
    calls->Add(call);
    return call;
  }

  bool over() const { return over_; }

  // `room` is given back when gRPC is done with the answer.
  void Answer(Response response, std::shared_ptr<void> room = nullptr) {
    if (over_.exchange(true)) return;
    *response_ = std::move(response);
    room_ = std::move(room);
    Finish(grpc::Status::OK);
  }
  void Fail(const grpc::Status& status) {
    if (!over_.exchange(true)) Finish(status);
  }

  void End(const grpc::Status& status) override { Fail(status); }
  void OnCancel() override { Fail(grpc::Status::CANCELLED); }
  void OnDone() override {
    calls_->Remove(this);
    const std::shared_ptr<UnaryCall> last = std::move(self_);
  }

 private:
  UnaryCall(OpenCalls* calls, Response* response, std::shared_ptr<void> place)
      : calls_(calls), response_(response), place_(std::move(place)) {}

  OpenCalls* const calls_;
  Response* const response_;  // gRPC's; valid until the call is over
  const std::shared_ptr<void> place_;
  std::shared_ptr<void> room_;       // set by whoever answers
  std::shared_ptr<UnaryCall> self_;  // until OnDone
  std::atomic<bool> over_ = false;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_UNARY_CALL_H_
