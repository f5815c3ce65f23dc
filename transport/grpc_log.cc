#include "transport/grpc_log.h"

#include <cstdlib>

#include "grpc/support/log.h"

namespace assent::transport {

void SilenceGrpcLog() {
  if (std::getenv("GRPC_VERBOSITY") != nullptr) return;
  gpr_set_log_verbosity(static_cast<gpr_log_severity>(GPR_LOG_SEVERITY_ERROR + 1));
}

}  // namespace assent::transport
