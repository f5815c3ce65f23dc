// Builds and checks blocks: from a parent's state, what a header must claim is computed and
// compared.
#ifndef ASSENT_NODE_EXECUTION_EXECUTION_H_
#define ASSENT_NODE_EXECUTION_EXECUTION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/block/digests.h"
#include "ledger/block/header.h"
#include "ledger/entry/entry.h"
#include "ledger/log/merkle.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "node/execution/verified_entries.h"
#include "node/replica/store.h"

namespace assent::execution {

using replica::CommittedBlock;

// What a block changed, on top of what those of its ancestors changed that are not committed yet.
// Children read the state through it.
struct StateLayer {
  StateWrites writes;
  std::shared_ptr<StateLayer> below;  // null when the parent is committed: AsRoot cuts it
};

// A block on which others can be built: its claims were computed here, not believed. Immutable, but
// for the layers below its own. Blocks under way form a tree by header.parent; the root of it is
// the newest final block.
struct ExecutedBlock {
  BlockHeader header;
  std::string header_bytes;
  Hash hash;
  std::vector<EntryPtr> entries;
  std::vector<std::string> types;
  std::vector<MerkleNode> merkle_nodes;
  MerkleFrontier frontier;            // after the block
  AuthorHeads heads;                  // after the block
  std::shared_ptr<StateLayer> layer;  // null in a root: its writes are in the committed state
};
using ExecutedPtr = std::shared_ptr<const ExecutedBlock>;

// An entry that a leader left out, and why.
struct LeftOut {
  EntryPtr entry;
  rules::Refusal refusal;
};

// What a leader made.
struct BuiltBlock {
  ExecutedPtr block;
  std::vector<LeftOut> left_out;  // refused at their place; not those for which there was no room
};

// What a leader decides of a block; the rest follows from the entries.
struct BlockFrame {
  Epoch epoch;
  View view;
  Time time;
};

// Makes blocks on blocks. One thread.
class Executor {
 public:
  // `state` is the committed state and must stay valid and current: after a commit it must show the
  // new tip. Blocks that are neither final nor on top of the newest final block must not be built
  // on. Entries that are not in `verified` have their signatures checked at their place, by the key
  // in force there; null: the caller has checked them.
  explicit Executor(const StateView* state, VerifiedEntries* verified = nullptr)
      : state_(state), verified_(verified) {}

  // The newest final block, read from a store, as a block to build on. DataLoss when the tree,
  // heads, voters or members that are stored are not those that its header claims.
  static absl::StatusOr<ExecutedPtr> FromStore(const replica::ReadView& view);

  // A block of as many `candidates` as fit, in their order; entries of an author after one that was
  // refused or found no room are left out as well. Limits of ledger/limits.h hold. frame.time must
  // be later than the parent's.
  BuiltBlock Build(const ExecutedPtr& parent, const BlockFrame& frame,
                   const std::vector<EntryPtr>& candidates) const;

  // Executes a block that somebody else made. InvalidArgument says which claim of the header, limit
  // or rule does not hold. FailedPrecondition: `entries` are not those that the header speaks of,
  // which says nothing of the header. Does not look at the clock. `restarted`: the epoch that an
  // act of the members begins on `parent`.
  absl::StatusOr<ExecutedPtr> Execute(const ExecutedPtr& parent, const BlockHeader& header,
                                      std::string header_bytes,
                                      const std::vector<EntryPtr>& entries,
                                      std::optional<Epoch> restarted = std::nullopt) const;

  // The members after a block.
  std::vector<MemberIdentity> MembersAfter(const ExecutedBlock& block) const;

  // What must be written when `block`, which is no root, is final; `certificate` may be empty, and
  // `tail` is that of a closing block.
  static CommittedBlock MakeCommit(const ExecutedBlock& block, std::string certificate,
                                   std::vector<std::string> tail = {});

  // The same block as a root, to be built on from now on. Call once it is committed. Also cuts the
  // chain of layers under it, so that what committed blocks changed is freed although blocks on top
  // of them live on.
  static ExecutedPtr AsRoot(const ExecutedBlock& block);

 private:
  const StateView* state_;
  VerifiedEntries* verified_;
};

}  // namespace assent::execution

#endif  // ASSENT_NODE_EXECUTION_EXECUTION_H_
