#include "node/query/mode.h"

namespace assent::query {

v1::NodeMode ModeOf(replica::Mode mode, const MemberCode& code) {
  if (code.empty()) return v1::MIRRORING;
  switch (mode) {
    case replica::Mode::kVoting:
      return v1::VOTING;
    case replica::Mode::kRestoring:
      return v1::RESTORING;
    case replica::Mode::kFollowing:
      return v1::FOLLOWING;
  }
  return v1::NODE_MODE_UNSPECIFIED;
}

}  // namespace assent::query
