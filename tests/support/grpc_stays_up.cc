// For test programs that use gRPC, which stays up in them until the process ends. If it went down
// with the last channel, the leak sanitizer would look while its threads still end: at what they
// are about to free, and at what OpenSSL keeps for each thread. Now and then that is a leak to it.

#include "grpc/grpc.h"

namespace assent {
namespace {

[[maybe_unused]] const bool kUp = (grpc_init(), true);

}  // namespace
}  // namespace assent
