// Who this node is: the founding act it belongs to, and its keys.
#ifndef ASSENT_NODE_IDENTITY_H_
#define ASSENT_NODE_IDENTITY_H_

#include "absl/status/statusor.h"
#include "ledger/act/founding_act.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"
#include "node/config.h"

namespace assent::node {

struct Identity {
  FoundingAct act;  // complete: every signature is good
  NodeKeys keys;
  MemberCode self;  // the member whose node this is; empty for a mirror
};

// The parts of LoadIdentity, for who wants to know all that is wrong.
absl::StatusOr<FoundingAct> LoadCheckedAct(const Config& config);
absl::StatusOr<NodeKeys> LoadNodeKeys(const Config& config);
absl::StatusOr<MemberCode> MemberOfKeys(const Config& config, const FoundingAct& act,
                                        const NodeKeys& keys);

// Reads and checks the act and the seed that the configuration names. That these are the keys in
// force of `self` only the ledger can say, unless it is a founder with its first keys. Each error
// is one line that says what to mend. PermissionDenied: others may read the seed.
absl::StatusOr<Identity> LoadIdentity(const Config& config);

}  // namespace assent::node

#endif  // ASSENT_NODE_IDENTITY_H_
