// What the replica needs of a disk: one atomic, synchronous write per turn, and reads of what is
// final.
#ifndef ASSENT_NODE_REPLICA_STORE_H_
#define ASSENT_NODE_REPLICA_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/log_view.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::replica {

// A final block with everything that is stored because of it.
struct CommittedBlock {
  BlockHeader header;
  std::string header_bytes;
  Hash hash;
  std::string certificate;  // encoded finalize certificate; empty when a descendant has it
  std::vector<std::string>
      tail;  // headers from a closing block to the one that `certificate` is for
  std::vector<EntryPtr> entries;         // the first has index header.first_index
  std::vector<std::string> types;        // record type of each entry
  std::vector<MerkleNode> merkle_nodes;  // full subtrees that the block completed
  StateWrites state;
};

// A checkpoint as it is collected: which final tree, and the signature lines so far.
struct CheckpointRecord {
  Height height;
  std::uint64_t tree_size = 0;
  Hash root;
  std::map<MemberCode, Signature> signatures;
};

// An act of the members that starts an epoch at a named block, as a node keeps it.
struct RestartRecord {
  Height height;  // of the named block, and
  Hash hash;      // its hash
  Epoch epoch;    // that begins on it
  // The operator's word: this node has cast no vote in that epoch, so that it votes there although
  // it has forgotten others. Used up when the epoch is entered.
  bool never_voted = false;
  std::string act;  // serialized assent.v1.RestartAct
};

// Everything that one turn of the replica writes.
struct Batch {
  std::vector<std::pair<std::string, std::string>> journal;  // key (ordered bytes), value
  std::optional<std::string> journal_forget_below;           // removes all keys before this one
  std::vector<CommittedBlock> blocks;                        // heights follow the tip, in order
  std::optional<CheckpointRecord> checkpoint;                // replaces the public checkpoint
  std::optional<bool> restoring;  // may this node have forgotten its votes?
  std::vector<std::pair<std::string, std::string>> evidence;  // key, value; kept for good
  std::vector<RestartRecord> restarts;  // each replaces one of the same height
  bool empty() const {
    return journal.empty() && !journal_forget_below && blocks.empty() && !checkpoint &&
           !restoring && evidence.empty() && restarts.empty();
  }
};

// The newest final block.
struct Tip {
  BlockHeader header;
  std::string header_bytes;
  Hash hash;
};

// A LogView, with what only a node needs. Keep it for a short time only. Any thread, also several
// at once.
class ReadView : public LogView {
 public:
  std::uint64_t tree_size() const final { return tip().header.tree_size; }
  absl::StatusOr<std::string> RestartActOn(Height height) const final {
    auto restart = RestartOn(height);
    if (!restart.ok()) return restart.status();
    return *restart ? std::move((*restart)->act) : std::string();
  }

  virtual const Tip& tip() const = 0;
  // `visit` gets entries of [first, end) in order until it returns false.
  virtual absl::Status ScanEntries(EntryIndex first, EntryIndex end,
                                   absl::FunctionRef<bool(EntryIndex, EntryPtr)> visit) const = 0;
  // The lowest height whose block time is at or after `time`; one past the tip when there is none.
  virtual Height FirstHeightFrom(Time time) const = 0;
  virtual absl::StatusOr<EntryIndex> IndexOf(const MemberCode& author, Sequence sequence) const = 0;
  // Indexes >= first of entries of one record type, in order, until `visit` returns false.
  virtual absl::Status ScanType(std::string_view type, EntryIndex first,
                                absl::FunctionRef<bool(EntryIndex)> visit) const = 0;
  virtual std::optional<CheckpointRecord> PublicCheckpoint() const = 0;
  // The newest act that names a block of this height, be that here yet or not; nothing when none
  // does.
  virtual absl::StatusOr<std::optional<RestartRecord>> RestartOn(Height height) const = 0;
  // The act that begins the highest epoch.
  virtual absl::StatusOr<std::optional<RestartRecord>> NewestRestart() const = 0;
  virtual absl::Status ScanEvidence(
      absl::FunctionRef<bool(std::string_view key, std::string_view value)> visit) const = 0;
};

// The database of one ledger.
class Store {
 public:
  virtual ~Store() = default;

  // Writes all of it or nothing, and returns when it would survive a power cut. One thread. After
  // an error the node must stop: what is on disk is unknown until it is opened again.
  virtual absl::Status Write(const Batch& batch) = 0;

  // The newest final state and log. Any thread.
  virtual std::shared_ptr<const ReadView> Read() const = 0;

  // Journal records in key order.
  virtual absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const = 0;

  // True from the start for a database that was not made as a new one (storage::Start), until a
  // Batch says otherwise.
  virtual bool restoring() const = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_STORE_H_
