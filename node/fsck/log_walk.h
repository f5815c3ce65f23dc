// Walks the stored blocks from the founding act to the newest, has them audited, and compares what
// follows from each of them alone, index keys and tree nodes, with what is stored.
#ifndef ASSENT_NODE_FSCK_LOG_WALK_H_
#define ASSENT_NODE_FSCK_LOG_WALK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/audit/audit.h"
#include "ledger/log/merkle.h"
#include "ledger/types.h"
#include "node/fsck/findings.h"
#include "node/replica/store.h"
#include "node/storage/database.h"

namespace assent::fsck {

// Called now and then: blocks that are done, of so many.
using ProgressFn = std::function<void(std::uint64_t done, std::uint64_t total)>;

// One thread; what it is made of must outlive it.
class LogWalk {
 public:
  LogWalk(const storage::Database& database, const FoundingAct& act, Workers workers,
          Findings* findings);

  // The root of the tree of this size is kept by the auditor.
  void WatchTreeSize(std::uint64_t size) { auditor_.WatchTreeSize(size); }
  void Run(Height tip, const ProgressFn& progress);

  const Auditor& auditor() const { return auditor_; }
  // All blocks were audited and found good; only then the auditor's state is that of the tip.
  bool audited() const { return audit_ == Part::kGood; }
  // Every block and entry could be read, so that index_keys() are all there must be.
  bool read_all() const { return records_ == Part::kGood; }
  // Keys that must be in the family of indexes; those of types only for entries with bodies.
  std::uint64_t index_keys() const { return index_keys_; }
  std::uint64_t merkle_nodes() const { return merkle_nodes_; }

 private:
  enum class Part { kGood, kEnded };

  // Nothing when it cannot be read, which is told.
  std::optional<StoredBlock> ReadBlock(Height height);
  std::optional<EntryPtr> ReadEntry(EntryIndex index, Height height);
  void CheckFoundingBlock(const FoundingAct& act);
  bool IsNamed(const BlockHeader& tip) const;
  void AddRestart(const BlockHeader& header, v1::FinalBlock& message);
  // False when the blocks after it cannot be made sense of.
  bool CheckBlock(Height height);
  void CheckEntry(const Entry& entry, EntryIndex index);
  void Expect(storage::Family family, const std::string& key, std::string_view value);
  // Has the blocks audited that were read since the last time.
  void Audit();
  void EndAudit(Height height, std::string_view why);

  const storage::Database& database_;
  Findings& findings_;
  Auditor auditor_;
  MerkleFrontier frontier_;
  Part records_ = Part::kGood;
  Part audit_ = Part::kGood;
  Part tree_ = Part::kGood;
  std::uint64_t next_index_ = 0;
  std::uint64_t index_keys_ = 0;
  std::uint64_t merkle_nodes_ = 0;
  Height tip_;

  std::vector<v1::FinalBlock> batch_;
  std::size_t batch_bytes_ = 0;
  std::vector<std::string> batch_faults_;  // told after those of the audit, which say why
  std::vector<MerkleNode> batch_nodes_;
};

}  // namespace assent::fsck

#endif  // ASSENT_NODE_FSCK_LOG_WALK_H_
