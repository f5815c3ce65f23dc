// Where a member's node listens for its peers, as founding act and records have it.
#ifndef ASSENT_LEDGER_MEMBERSHIP_ENDPOINT_H_
#define ASSENT_LEDGER_MEMBERSHIP_ENDPOINT_H_

#include <string_view>

namespace assent {

// True for host:port of printable ASCII without spaces, at most kEndpointBytesMax bytes, with a
// port from 1 to 65535 in its shortest form. That the host exists is nobody's rule.
bool IsEndpoint(std::string_view text);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_ENDPOINT_H_
