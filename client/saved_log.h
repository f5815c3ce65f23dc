// The log of a saved ledger, as proofs are made from it (ledger/receipt/make_proofs.h), and the
// checkpoint beside it:
//
//   checkpoint  "assent checkpoint 1\n" || Checkpoint || SHA-256 of these two
#ifndef ASSENT_CLIENT_SAVED_LOG_H_
#define ASSENT_CLIENT_SAVED_LOG_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "client/saved_blocks.h"
#include "ledger/act/founding_act.h"
#include "ledger/audit/audit.h"
#include "ledger/receipt/log_view.h"

namespace assent::client {

// One thread. Memory: two numbers a block, and 72 bytes an entry.
class SavedLog final : public LogView {
 public:
  // Reads the whole of it once, with a progress bar. InvalidArgument: the folder holds another
  // ledger, or is damaged.
  static absl::StatusOr<std::unique_ptr<SavedLog>> Open(const std::string& folder,
                                                        const FoundingAct& act);

  // The newest block.
  const BlockHeader& tip() const { return tip_; }
  // NotFound: there is no such entry.
  absl::StatusOr<EntryIndex> IndexOf(const MemberCode& author, Sequence sequence) const;

  std::uint64_t tree_size() const override { return tip_.tree_size; }
  const StateView& state() const override { return state_; }
  absl::StatusOr<StoredBlock> BlockAt(Height height) const override;
  absl::StatusOr<Height> CertifiedAtOrAfter(Height height) const override;
  absl::StatusOr<EntryPtr> EntryAt(EntryIndex index) const override;
  absl::StatusOr<Height> HeightOf(EntryIndex index) const override;
  absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t level, std::uint64_t index) const override;
  absl::StatusOr<std::string> RestartActOn(Height height) const override;

 private:
  // Where the block of a height begins, and how large the tree is behind it.
  struct Place {
    std::uint64_t bytes = 0;
    std::uint64_t tree_size = 0;
  };

  SavedLog(std::string folder, const FoundingAct& act, SavedBlocks blocks, Auditor auditor);
  absl::Status ReadAll();
  absl::Status Take(const v1::FinalBlock& block, std::uint64_t place, MerkleFrontier& frontier);
  absl::StatusOr<v1::FinalBlock> Read(Height height) const;

  const std::string folder_;
  StoredBlock genesis_;
  mutable SavedBlocks blocks_;
  BlockHeader tip_;
  MemoryState state_;
  std::vector<Place> places_;                            // of height 1 first
  std::vector<Height> certified_;                        // in order
  std::map<Height, std::string> restarts_;               // acts by the height that they name
  std::map<MemberCode, std::vector<EntryIndex>> filed_;  // by author, that of sequence 1 first
  std::vector<std::vector<Hash>> nodes_;                 // full subtrees, by level and index
};

// Replaces what is in the folder in one step.
absl::Status SaveCheckpoint(const std::string& folder, const v1::Checkpoint& checkpoint);
// Not checked. NotFound: none was saved there. InvalidArgument: damaged, or of another version.
absl::StatusOr<v1::Checkpoint> LoadCheckpoint(const std::string& folder);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SAVED_LOG_H_
