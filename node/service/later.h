// What is to be done a while later, without a thread that waits for it.
#ifndef ASSENT_NODE_SERVICE_LATER_H_
#define ASSENT_NODE_SERVICE_LATER_H_

#include <chrono>
#include <functional>

namespace assent::service {

// Calls `what` after `wait` on one of gRPC's threads, which must not be held up, and perhaps after
// the services have ended: it may touch only what it holds. Any thread; the caller bounds how many
// are to come.
void Later(std::chrono::steady_clock::duration wait, std::function<void()> what);

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_LATER_H_
