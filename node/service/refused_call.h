// A call that is refused. Who is refused again and again is told so a while later: trying again at
// once then costs the node little, and others nothing.
#ifndef ASSENT_NODE_SERVICE_REFUSED_CALL_H_
#define ASSENT_NODE_SERVICE_REFUSED_CALL_H_

#include <atomic>
#include <memory>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "node/service/open_calls.h"

namespace assent::service {

// Ends `call` with `status`. With `held`, after kRefusalHeld; it is kept until then, also when the
// client gives up before. Any thread.
void Refuse(const std::shared_ptr<OpenCall>& call, const grpc::Status& status,
            std::shared_ptr<void> held);

// A call that is refused before it begins; `Reactor` is gRPC's for its kind. The first of End and a
// cancellation ends it.
template <class Reactor>
class RefusedCall : public Reactor, public OpenCall {
 public:
  // `calls` outlives the call; `held` as above.
  static Reactor* Start(OpenCalls* calls, const grpc::Status& status, std::shared_ptr<void> held) {
    const std::shared_ptr<RefusedCall> call(new RefusedCall(calls));
    call->self_ = call;
    calls->Add(call);
    Refuse(call, status, std::move(held));
    return call.get();
  }

  void End(const grpc::Status& status) override {
    if (!over_.exchange(true)) this->Finish(status);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    calls_->Remove(this);
    const std::shared_ptr<RefusedCall> last = std::move(self_);
  }

 private:
  explicit RefusedCall(OpenCalls* calls) : calls_(calls) {}

  OpenCalls* const calls_;
  std::shared_ptr<RefusedCall> self_;  // until OnDone
  std::atomic<bool> over_ = false;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_REFUSED_CALL_H_
