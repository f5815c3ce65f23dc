// An act of the members ends the epoch at a block that it names: SPECIFICATION.md, "Ended by the
// members".
#include <algorithm>

#include "node/consensus/core_state.h"

namespace assent::consensus {

void Core::State::Take(const EndAt& event) {
  ends_at_ = event.block;
  if (over()) out_.forget_below = ForgetBelow();
}

// What a certificate makes final beyond the named block is void, so only the way to that one
// counts.
bool Core::State::ReachEnd() {
  const BlockTree::Path path = tree_.PathTo(*ends_at_);
  if (path.missing || path.forks || path.hashes.empty()) return false;
  return DeliverUpTo(path);
}

std::optional<Core::Notarized> Core::State::HighestNotarized() const {
  std::optional<Notarized> highest;
  for (const auto& [hash, held] : tree_.blocks()) {
    const BlockHeader& header = held.block->header;
    if (header.kind == BlockKind::kTail || held.validity != Validity::kValid) continue;
    if (highest && header.view <= highest->block->header.view) continue;
    const CertificatePtr certificate = book_.FindFor(header.view, hash);
    if (certificate == nullptr) continue;
    const BlockTree::Path path = tree_.PathTo(hash);
    if (path.missing || path.forks) continue;
    highest = Notarized{held.block, certificate};
  }
  return highest;
}

// A notarized block of a lower view is below the named one, or cannot be final: SPECIFICATION.md.
View Core::State::FinalizeVotedBeyond(const Hash& block, View view) const {
  View highest;
  if (!voter()) return highest;
  for (const Vote& vote : book_.VotesOf(*config_.self)) {
    const Statement& statement = vote.statement;
    if (statement.kind != VoteKind::kFinalize || statement.view <= view) continue;
    // A TAIL block makes only its closing block final.
    Hash at = statement.block_hash;
    const HeldBlock* held = tree_.Find(at);
    while (held != nullptr && held->block->header.kind == BlockKind::kTail) {
      at = held->block->header.parent;
      held = tree_.Find(at);
    }
    if (at != block) highest = std::max(highest, statement.view);
  }
  return highest;
}

}  // namespace assent::consensus
