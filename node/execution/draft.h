// A block in the making: entries are applied one after the other, and what its header must claim
// follows from them. The leader that builds a block and the voter that checks one run this same
// code.
#ifndef ASSENT_NODE_EXECUTION_DRAFT_H_
#define ASSENT_NODE_EXECUTION_DRAFT_H_

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/bytes.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "node/execution/execution.h"

namespace assent::execution {

// State after a block: what it and its ancestors changed, and under that what is committed.
class LayeredState {
 public:
  LayeredState(const StateView* committed, const StateLayer* top);
  LayeredState(const LayeredState&) = delete;
  LayeredState& operator=(const LayeredState&) = delete;
  const StateView* view() const { return top_; }

 private:
  std::deque<WritesView> views_;  // the oldest first; each reads through the one before
  const StateView* top_;
};

// One thread. What it is made of must outlive it; `verified` as an Executor has it.
class Draft {
 public:
  Draft(const StateView* committed, VerifiedEntries* verified, const ExecutedBlock& parent,
        const BlockFrame& frame);

  // Ok when `entry` has its body and the limits of a block let it in; InvalidArgument says what is
  // in its way.
  absl::Status CheckRoom(const Entry& entry) const;
  // Applies `entry`, for which there is room, behind the others; when it is refused nothing has
  // changed.
  std::optional<rules::Refusal> Append(const EntryPtr& entry);

  // The header that the entries so far lead to.
  BlockHeader Claims() const;
  // The block; the draft is used up. `header` is what Claims() gave, `header_bytes` its bytes.
  ExecutedPtr Finish(const BlockHeader& header, std::string header_bytes) &&;

 private:
  std::optional<rules::Refusal> CheckSignature(const Entry& entry) const;

  VerifiedEntries* const verified_;
  const ExecutedBlock& parent_;
  const BlockFrame frame_;
  LayeredState base_;
  StateOverlay overlay_;
  bool closing_ = false;  // the last entry has changed the voters
  std::size_t bytes_ = 0;
  std::map<MemberCode, std::size_t> per_author_;
  std::vector<Salt> salts_;

  std::vector<EntryPtr> entries_;
  std::vector<std::string> types_;
  std::vector<MerkleNode> merkle_nodes_;
  MerkleFrontier frontier_;
  AuthorHeads heads_;
};

}  // namespace assent::execution

#endif  // ASSENT_NODE_EXECUTION_DRAFT_H_
