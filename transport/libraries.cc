#include "transport/libraries.h"

#include <openssl/crypto.h>

#include <cstdlib>

#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

namespace assent::transport {

void SilenceLibraries() {
  if (std::getenv("GRPC_VERBOSITY") != nullptr) return;
  gpr_set_log_verbosity(static_cast<gpr_log_severity>(GPR_LOG_SEVERITY_ERROR + 1));
  google::protobuf::SetLogHandler(nullptr);
}

void SetUpLibraries() {
  SilenceLibraries();
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace assent::transport
