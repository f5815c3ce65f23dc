#include "node/service/refused_call.h"

#include "node/service/later.h"
#include "node/service/limits.h"

namespace assent::service {

void Refuse(const std::shared_ptr<OpenCall>& call, const grpc::Status& status,
            std::shared_ptr<void> held) {
  if (held == nullptr) return call->End(status);
  Later(kRefusalHeld, [weak = std::weak_ptr(call), status, held = std::move(held)] {
    if (const auto open = weak.lock()) open->End(status);
  });
}

}  // namespace assent::service
