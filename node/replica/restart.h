// The act by which the members start an epoch at a named block, as the replica handles it
// (ledger/receipt/restart_act.h).
#ifndef ASSENT_NODE_REPLICA_RESTART_H_
#define ASSENT_NODE_REPLICA_RESTART_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/block/header.h"
#include "ledger/membership/voters.h"
#include "node/replica/store.h"

namespace assent::replica {

// An act that enough members have signed. Made only by CheckRestartBytes.
struct GivenRestart {
  Epoch epoch;  // that it begins
  BlockHeader header;
  Hash hash;
  std::size_t members = 0;
  std::size_t signers = 0;
  std::string bytes;  // serialized assent.v1.RestartAct
};
using RestartPtr = std::shared_ptr<const GivenRestart>;

// Checks all that an act shows by itself. InvalidArgument. Any thread.
absl::StatusOr<RestartPtr> CheckRestartBytes(std::string_view bytes, const LedgerId& ledger);
// The epoch that an act begins, without any check; 0 when it cannot be read.
Epoch EpochOfRestart(std::string_view bytes);
bool HasCertificate(const GivenRestart& restart);
// Ok when `voters`, those of the named block's epoch, have notarized or finalized it.
absl::Status CheckNotarized(const GivenRestart& restart, const VoterSet& voters);

// An act without signatures.
std::string DraftRestart(Epoch epoch, std::string_view header_bytes, std::string_view certificate,
                         const std::vector<MemberIdentity>& members);
// The certificate in the act of a record; empty when it has none.
std::string CertificateOf(const RestartRecord& record);

// True when the act names a block of this epoch.
bool NamesBlockOf(const RestartRecord& record, Epoch epoch);

// The act that names the tip, when there is one.
inline absl::StatusOr<std::optional<RestartRecord>> RestartOnTip(const ReadView& view) {
  auto restart = view.RestartOn(view.tip().header.height);
  if (restart.ok() && *restart && (*restart)->hash != view.tip().hash) restart->reset();
  return restart;
}
// The epoch that follows the tip.
inline absl::StatusOr<Epoch> EpochAfterTip(const ReadView& view) {
  const auto restart = RestartOnTip(view);
  if (!restart.ok()) return restart.status();
  return *restart ? (*restart)->epoch : EpochAfter(view.tip().header);
}

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_RESTART_H_
