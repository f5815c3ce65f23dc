// assent.v1.Comparison: what a node keeps, for members that compare it with others.
#ifndef ASSENT_NODE_SERVICE_COMPARISON_SERVICE_H_
#define ASSENT_NODE_SERVICE_COMPARISON_SERVICE_H_

#include <memory>

#include "assent/v1/comparison.grpc.pb.h"
#include "node/service/admission.h"
#include "node/service/backend.h"
#include "node/service/call_limit.h"
#include "node/service/open_calls.h"
#include "node/service/read_pool.h"

namespace assent::service {

// Any thread. Outlives the server that it is registered with.
class ComparisonService final : public v1::Comparison::CallbackService {
 public:
  // All outlive the service.
  ComparisonService(const Backend* backend, Admission* admission, const Callers* callers,
                    ReadPool* pool, OpenCalls* calls)
      : backend_(backend), admission_(admission), callers_(callers), pool_(pool), calls_(calls) {}

  grpc::ServerUnaryReactor* ListStateKeys(grpc::CallbackServerContext* context,
                                          const v1::ListStateKeysRequest* request,
                                          v1::ListStateKeysResponse* response) override;

 private:
  const Backend* const backend_;
  Admission* const admission_;
  const Callers* const callers_;
  ReadPool* const pool_;
  OpenCalls* const calls_;
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_COMPARISON_SERVICE_H_
