// Blocks: holding, validating, fetching, and making them final. SPECIFICATION.md, "Finality" and
// "Missing blocks".
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/consensus/core_state.h"

namespace assent::consensus {

// --- Finality

// A finalize certificate makes its block and all ancestors final. They are delivered when all are
// held and valid.
bool Core::State::MakeFinal() {
  if (ends_at_) return ReachEnd();
  const CertificatePtr& certificate = book_.highest_final();
  if (certificate == nullptr || certificate->statement.view <= tree_.root_view()) return false;
  const BlockTree::Path path = tree_.PathTo(certificate->statement.block_hash);
  if (path.forks) {
    out_.broken = absl::StrCat("the final block of view ", certificate->statement.view.value(),
                               " does not follow the final block of height ",
                               tree_.root().header.height.value(),
                               ": more voters are faulty than the protocol bears");
    return false;
  }
  if (path.missing) {
    const std::uint64_t gap =
        path.hashes.empty() ? 1 : path.missing_height.value() - tree_.root().header.height.value();
    fetcher_.Want(*path.missing, certificate->statement.view, *certificate, now_.mono);
    if (gap > kFetchBlocksMax || fetcher_.Attempts(*path.missing) >= kFetchesBeforeCatchUp) {
      AskCatchUp(*certificate);
    }
    return false;
  }
  return DeliverUpTo(path);
}

bool Core::State::DeliverUpTo(const BlockTree::Path& path) {
  for (const Hash& hash : path.hashes) {
    HeldBlock& held = *tree_.Find(hash);
    if (held.validity == Validity::kValid) continue;
    if (held.validity == Validity::kInvalid) {
      out_.broken = absl::StrCat("the block of height ", held.block->header.height.value(),
                                 " is final, but this node finds it invalid: ", held.reason);
    }
    if (held.validity == Validity::kUnknown && tree_.ReadyHeader(held.block->header.parent)) {
      Validate(held);
    }
    if (held.validity != Validity::kValid) return false;
  }
  Deliver(path.hashes);
  return true;
}

void Core::State::Deliver(const std::vector<Hash>& path) {
  FinalTip tip;
  for (const Hash& hash : path) {
    const BlockPtr& block = tree_.Find(hash)->block;
    const BlockHeader& header = block->header;
    CertificatePtr certificate = book_.Find(header.view, VoteKind::kFinalize);
    if (header.kind != BlockKind::kTail) {
      tip = {header, hash, certificate};
      out_.deliver.push_back({block, std::move(certificate), {}});
    } else if (FinalBlock& closing = out_.deliver.back(); tip.certificate == nullptr) {
      // The closing block is final through this one, if it has the certificate.
      closing.tail.push_back(block->header_bytes);
      closing.certificate = std::move(certificate);
      if (closing.certificate != nullptr) tip.certificate = closing.certificate;
    }
  }
  MoveRoot(std::move(tip));
}

void Core::State::MoveRoot(FinalTip tip) {
  for (const Hash& hash : tree_.Advance(std::move(tip))) {
    out_.discard.push_back(hash);
    fetcher_.Drop(hash);
  }
  const View root_view = tree_.root_view();
  book_.Forget(root_view);
  fetcher_.DropUpTo(root_view);
  proposals_.erase(proposals_.begin(), proposals_.upper_bound(root_view));
  entered_journaled_.erase(entered_journaled_.begin(), entered_journaled_.upper_bound(root_view));
  if (tree_.over() && MayHaveVotedAfter(tree_.root().header)) out_.restoring = true;
  out_.forget_below = ForgetBelow();
}

std::string Core::State::ForgetBelow() const {
  return over() ? JournalKeyOfView(config_.epoch.next(), View(0))
                : JournalKeyOfView(config_.epoch, tree_.root_view().next());
}

void Core::State::Take(const FinalByCatchUp& event) {
  const FinalTip& tip = event.tip;
  if (tip.header.height <= tree_.root().header.height) return;
  if (tip.certificate != nullptr && tip.certificate->statement.epoch == config_.epoch) {
    TakeCertificate(tip.certificate);
  }
  MoveRoot(tip);
  final_at_ = now_.mono;
  heartbeat_at_ = HeartbeatAfter(tip.header.time);
  unfinal_since_.reset();
}

// --- Validity

// Blocks are validated when their turn comes: on a parent that is valid, and only if it matters.
bool Core::State::AskValidation() {
  bool any_valid = false;
  for (const auto& [hash, held] : tree_.blocks()) {
    if (held.validity != Validity::kUnknown || !WorthValidating(held)) continue;
    Validate(*tree_.Find(hash));
    any_valid = any_valid || held.validity == Validity::kValid;
  }
  return any_valid;
}

bool Core::State::WorthValidating(const HeldBlock& held) const {
  const BlockHeader& header = held.block->header;
  const BlockHeader* parent = tree_.ReadyHeader(header.parent);
  if (parent == nullptr) return false;
  if (IsCertified(*held.block)) return true;
  if (!voter()) return false;
  const auto proposal = proposals_.find(header.view);
  return proposal != proposals_.end() &&
         proposal->second.statement.block_hash == held.block->hash &&
         (header.parent == tree_.root().hash ||
          book_.FindFor(tree_.ViewOf(*parent), header.parent) != nullptr);
}

bool Core::State::IsCertified(const Block& block) const {
  return book_.FindFor(block.header.view, block.hash) != nullptr;
}

// The parent is the root or valid.
void Core::State::Validate(HeldBlock& held) {
  const BlockHeader& header = held.block->header;
  std::string misfit = tree_.Misfit(*tree_.ReadyHeader(header.parent), header);
  if (!misfit.empty()) {
    MarkInvalid(held, std::move(misfit));
    return;
  }
  // What it must say follows from its parent alone.
  if (header.kind == BlockKind::kTail) {
    held.validity = Validity::kValid;
    fetcher_.Drop(held.block->hash);
    return;
  }
  held.validity = Validity::kAsked;
  out_.validate.push_back({held.block});
}

void Core::State::Take(const BlockValidated& event) {
  HeldBlock* held = tree_.Find(event.hash);
  if (held == nullptr || held->validity != Validity::kAsked) return;
  // What is in the journal was the right body when it was written.
  if (event.verdict == Verdict::kOtherBody && !held->journaled) {
    out_.discard.push_back(event.hash);
    tree_.Drop(event.hash);
    fetcher_.WasWrong(event.hash, now_.mono);
    return;
  }
  fetcher_.Drop(event.hash);
  if (event.verdict == Verdict::kValid) {
    held->validity = Validity::kValid;
  } else {
    MarkInvalid(*held, event.reason);
  }
}

void Core::State::MarkInvalid(HeldBlock& held, std::string reason) {
  held.validity = Validity::kInvalid;
  held.reason = std::move(reason);
  out_.invalid.push_back({held.block, held.reason, IsCertified(*held.block)});
}

// --- Missing blocks

void Core::State::HoldBlock(const BlockPtr& block, Position from) {
  if (block->header.view <= tree_.root_view() || tree_.Find(block->hash) != nullptr) return;
  tree_.Hold(block);
  fetcher_.Arrived(block->hash, from);
}

void Core::State::DropBlock(Hash hash) {
  tree_.Drop(hash);
  fetcher_.Drop(hash);
  out_.discard.push_back(hash);
}

void Core::State::BoundBlocks() {
  std::vector<std::pair<View, Hash>> old;
  for (const auto& [hash, held] : tree_.blocks()) {
    const View view = held.block->header.view;
    if (view <= book_.final_view() && !held.journaled) old.emplace_back(view, hash);
  }
  if (old.size() <= kOldBlocksMax) return;
  std::ranges::sort(old);
  for (std::size_t i = 0; i < old.size() - kOldBlocksMax; ++i) DropBlock(old[i].second);
}

// A notarized block that is missing is asked for from those who voted for it, and so are ancestors
// of the block on which the next one will be built.
void Core::State::FetchMissing() {
  const View oldest(view_.value() - std::min(view_.value(), kFetchViewsMax));
  const View first = std::max(book_.final_view().next(), oldest);
  for (const auto& certificate : book_.Certificates(first, view_, 3 * kFetchViewsMax)) {
    const Statement& statement = certificate->statement;
    if (statement.kind == VoteKind::kSkip || tree_.Find(statement.block_hash) != nullptr) continue;
    fetcher_.Want(statement.block_hash, statement.view, *certificate, now_.mono);
  }
  if (const std::optional<Base> base = BaseFor(view_); base && base->hash != tree_.root().hash) {
    const BlockTree::Path path = tree_.PathTo(base->hash);
    const CertificatePtr holders = book_.FindFor(base->view, base->hash);
    if (path.missing) fetcher_.Want(*path.missing, base->view, *holders, now_.mono);
  }
  for (const auto& [peer, hash] : fetcher_.Due(now_.mono, up_)) SendTo(peer, BlockRequest{hash});
}

void Core::State::AskCatchUp(const Certificate& holders) {
  if (now_.mono < catch_up_at_ || out_.catch_up) return;
  catch_up_at_ = now_.mono + config_.timing.standstill;
  for (std::size_t i = 1; i <= holders.votes.size(); ++i) {
    const Position peer = holders.votes[(last_asked_ + i) % holders.votes.size()].first;
    if (peer == config_.self || !up_.contains(peer)) continue;
    last_asked_ = (last_asked_ + i) % holders.votes.size();
    out_.catch_up = peer;
    return;
  }
}

}  // namespace assent::consensus
