#include "node/service/later.h"

#include <memory>
#include <utility>

#include "grpcpp/alarm.h"

namespace assent::service {

void Later(std::chrono::steady_clock::duration wait, std::function<void()> what) {
  // Not the callback's own: an alarm keeps its callback until its end, and would keep itself.
  auto* const alarm = new grpc::Alarm;
  alarm->Set(std::chrono::system_clock::now() + wait, [alarm, what = std::move(what)](bool) {
    what();
    delete alarm;
  });
}

}  // namespace assent::service
