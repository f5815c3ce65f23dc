// Where proofs come from: a node, or a saved ledger. What it gives is for others to check.
#ifndef ASSENT_CLIENT_PROOF_SOURCE_H_
#define ASSENT_CLIENT_PROOF_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/ledger.pb.h"
#include "client/session.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"

namespace assent::client {

// An entry as a source names it.
struct NamedEntry {
  EntryIndex index;
  Hash leaf_hash;
};

// One thread. Errors are those of the node, or of SavedLog.
class ProofSource {
 public:
  virtual ~ProofSource() = default;
  virtual const FoundingAct& act() const = 0;
  virtual absl::StatusOr<NamedEntry> Find(const v1::GetEntryRequest& name) = 0;
  virtual absl::StatusOr<v1::Receipt> Receipt(EntryIndex index) = 0;
  // The newest one. NotFound: there is none.
  virtual absl::StatusOr<v1::Checkpoint> Checkpoint() = 0;
  // With what leads to the voters of all epochs up to its own at least.
  virtual absl::StatusOr<v1::Checkpoint> CheckpointOf(std::string note) = 0;
  virtual absl::StatusOr<v1::InclusionProof> Inclusion(const v1::GetInclusionProofRequest& of) = 0;
  virtual absl::StatusOr<v1::ConsistencyProof> Consistency(
      const v1::GetConsistencyProofRequest& of) = 0;
};

std::unique_ptr<ProofSource> ProofsOfNode(std::unique_ptr<Session> session);
// From what `assent audit --save` has kept in the folder.
absl::StatusOr<std::unique_ptr<ProofSource>> SavedProofs(const std::string& folder,
                                                         FoundingAct act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_PROOF_SOURCE_H_
