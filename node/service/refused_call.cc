#include "node/service/refused_call.h"

#include <chrono>

#include "grpcpp/alarm.h"
#include "node/service/limits.h"

namespace assent::service {
namespace {

struct HeldBack {
  std::weak_ptr<OpenCall> call;
  grpc::Status status;
  std::shared_ptr<void> held;
  grpc::Alarm alarm;
};

}  // namespace

void Refuse(const std::shared_ptr<OpenCall>& call, const grpc::Status& status,
            std::shared_ptr<void> held) {
  if (held == nullptr) return call->End(status);
  auto* const later = new HeldBack{call, status, std::move(held), {}};
  later->alarm.Set(std::chrono::system_clock::now() + kRefusalHeld, [later](bool) {
    const std::unique_ptr<HeldBack> last(later);
    if (const auto open = last->call.lock()) open->End(last->status);
  });
}

}  // namespace assent::service
