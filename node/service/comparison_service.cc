#include "node/service/comparison_service.h"

#include <utility>

#include "node/query/reader.h"
#include "node/query/state_keys.h"
#include "node/service/refused_call.h"
#include "node/service/status.h"
#include "node/service/unary_call.h"

namespace assent::service {

grpc::ServerUnaryReactor* ComparisonService::ListStateKeys(grpc::CallbackServerContext* context,
                                                           const v1::ListStateKeysRequest* request,
                                                           v1::ListStateKeysResponse* response) {
  using Refused = RefusedCall<grpc::ServerUnaryReactor>;
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kComparison, caller);
  if (may.place == nullptr) {
    return Refused::Start(calls_, may.refusal,
                          admission_->HoldBack(caller, request->ByteSizeLong()));
  }
  if (const absl::Status good = CheckRequest(*request); !good.ok()) {
    return Refused::Start(calls_, ToGrpc(good), nullptr);
  }
  const auto call =
      UnaryCall<v1::ListStateKeysResponse>::Start(calls_, response, std::move(may.place));
  pool_->Post(TurnOf(caller), [this, call, key = caller.key, asked = *request] {
    if (call->over()) return;
    const auto view = backend_->store->Read();
    // Members only, of whom no reads are logged.
    auto answer = query::ListStateKeys(*view, query::ResolveReader(*view, key), asked);
    if (answer.ok()) {
      call->Answer(*std::move(answer));
    } else {
      call->Fail(ToGrpc(answer.status()));
    }
  });
  return call.get();
}

}  // namespace assent::service
