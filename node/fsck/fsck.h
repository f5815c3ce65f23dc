// A stored ledger, computed anew: from the founding act and the stored blocks follow the state, the
// indexes, the tree, and what the checkpoint says; all of it is compared with what is stored.
// Nothing is changed.
#ifndef ASSENT_NODE_FSCK_FSCK_H_
#define ASSENT_NODE_FSCK_FSCK_H_

#include <cstdint>
#include <optional>

#include "ledger/act/founding_act.h"
#include "ledger/audit/audit.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"
#include "node/fsck/findings.h"
#include "node/fsck/log_walk.h"
#include "node/storage/rocks_store.h"

namespace assent::fsck {

struct Options {
  const FoundingAct* act = nullptr;  // that passed CheckAct
  PublicKey vote_key;                // the node's own: its journal has votes of no other
  Workers workers;
  ProgressFn progress;  // may be empty
};

struct Report {
  Findings findings;
  Height height;  // up to which everything follows from the founding act
  AuditCounts audited;
  std::uint64_t index_keys = 0;
  std::uint64_t merkle_nodes = 0;
  std::uint64_t state_keys = 0;
  std::uint64_t journal_records = 0;
  std::uint64_t checkpoint_signers = 0;
};

// `store` is open and nobody writes to it. Memory grows with the state. One thread.
Report Check(const storage::RocksStore& store, const Options& options);

}  // namespace assent::fsck

#endif  // ASSENT_NODE_FSCK_FSCK_H_
