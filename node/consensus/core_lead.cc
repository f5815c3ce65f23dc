// A leader's duty: SPECIFICATION.md, "Proposing".
#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "node/consensus/core_state.h"

namespace assent::consensus {

void Core::State::Propose() {
  if (!VotesIn(view_) || view_ < proposes_from_ || LeaderOf(view_) != config_.self) return;
  if (proposals_.contains(view_) || Own(view_, VoteKind::kSkip) != nullptr) return;
  const std::optional<Base> base = BaseFor(view_);
  if (!base) return;
  const BlockHeader* parent = tree_.ReadyHeader(base->hash);
  if (parent == nullptr) return;
  const Time time = std::max(now_.wall, parent->time + Microseconds(1));
  const bool allow_empty = MayProposeEmpty(*parent, time);
  if (tree_.Closes(*parent)) {
    if (allow_empty) ProposeTail(base->hash, *parent);
    return;
  }
  if (!pending_ && !allow_empty) return;
  const Asked asked{view_, base->hash, allow_empty, work_changes_};
  if (asked_ == asked) return;
  asked_ = asked;
  out_.build =
      BuildRequest{config_.epoch, view_, parent->height.next(), base->hash, time, allow_empty};
}

// Only when a heartbeat is due or something must be brought to an end, and never one that the
// others would not vote for.
bool Core::State::MayProposeEmpty(const BlockHeader& parent, Time time) const {
  if (heartbeat_at_ <= now_.mono && IsOld(parent, time)) return true;
  if (TooSoonWhenEmpty(parent, time)) return false;
  const bool unfinal = unfinal_since_ && *unfinal_since_ + HalfTimeout() <= now_.mono;
  return unfinal || (Woken() && *work_since_ + HalfTimeout() <= now_.mono);
}

std::optional<Core::State::Base> Core::State::BaseFor(View view) const {
  for (View at(view.value() - 1); at > tree_.root_view(); at = View(at.value() - 1)) {
    for (const VoteKind kind : {VoteKind::kFinalize, VoteKind::kNotarize}) {
      if (const CertificatePtr certificate = book_.Find(at, kind)) {
        return Base{certificate->statement.block_hash, at};
      }
    }
    if (book_.Find(at, VoteKind::kSkip) == nullptr) return std::nullopt;
  }
  return Base{tree_.root().hash, tree_.root_view()};
}

// The parent's certificate and the newest of the skip certificates; who lacks older ones asks for
// them.
std::vector<CertificatePtr> Core::State::Justify(const BlockHeader& header) const {
  std::vector<CertificatePtr> result;
  const std::size_t one = config_.voters.size() * (Signature::kSize + 1) + 64;
  const std::size_t most =
      std::clamp<std::size_t>(kCertificateBytesPerMessageMax / one, 1, kJustificationMax);
  View at(header.view.value() - 1);
  for (; at > tree_.root_view() && result.size() + 1 < most; at = View(at.value() - 1)) {
    if (CertificatePtr parent = book_.FindFor(at, header.parent)) {
      result.push_back(std::move(parent));
      return result;
    }
    if (CertificatePtr skip = book_.Find(at, VoteKind::kSkip)) result.push_back(std::move(skip));
  }
  if (header.parent == tree_.root().hash) {
    if (tree_.root().certificate != nullptr) result.push_back(tree_.root().certificate);
  } else if (const HeldBlock* parent = tree_.Find(header.parent)) {
    if (CertificatePtr certificate = book_.FindFor(parent->block->header.view, header.parent)) {
      result.push_back(std::move(certificate));
    }
  }
  return result;
}

void Core::State::Take(const BlockBuilt& event) {
  if (!event.block || event.view != view_ || !asked_ || asked_->view != view_ ||
      asked_->parent != event.parent || proposals_.contains(view_) || !VotesIn(view_)) {
    return;
  }
  // The driver made it to our order.
  ASSENT_CHECK(event.block->header.view == view_ && event.block->header.epoch == config_.epoch);
  ASSENT_CHECK(event.block->header.parent == event.parent);
  Lead(*event.block);
}

// After a closing block its epoch has only to make it final.
void Core::State::ProposeTail(const Hash& before_hash, const BlockHeader& before) {
  Block tail;
  tail.header = MakeTail(before, before_hash, view_);
  tail.header_bytes = EncodeBlockHeader(tail.header);
  tail.hash = BlockHash(tail.header_bytes);
  Lead(std::move(tail));
}

// Signs the own block of the present view and sends it.
void Core::State::Lead(Block block) {
  block.leader_signature =
      SignProposal(config_.epoch, view_, block.hash, config_.ledger, *config_.key);
  const BlockPtr built = std::make_shared<const Block>(std::move(block));
  proposals_[view_] = Vote{{VoteKind::kNotarize, config_.epoch, view_, built->hash},
                           *config_.self,
                           built->leader_signature};
  PersistEntered(view_);
  Persist(view_, RecordKind::kBlock, EncodeBlock(*built));
  HeldBlock& held = tree_.Hold(built);
  held.validity = Validity::kValid;
  held.journaled = true;
  SendTo(std::nullopt, Proposal{built, Justify(built->header)});
}

}  // namespace assent::consensus
