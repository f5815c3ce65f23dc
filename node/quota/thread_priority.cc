#include "node/quota/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace assent::quota {

// On Linux each thread has a nice value of its own, against POSIX: setpriority(2).
bool LowerPriority(int nice) {
  return ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice) == 0;
}

}  // namespace assent::quota
