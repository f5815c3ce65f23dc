// Moving from view to view, and the three votes: SPECIFICATION.md, "Views" and "The three votes".
#include <algorithm>
#include <string>
#include <utility>

#include "ledger/check.h"
#include "node/consensus/core_state.h"

namespace assent::consensus {

// --- Views

bool Core::State::EnterViews() {
  CertificatePtr entered_by;
  while (true) {
    if (book_.final_view() >= view_) {
      view_ = book_.final_view().next();
      entered_by = book_.highest_final();
    } else if (CertificatePtr ending = book_.Ending(view_)) {
      view_ = view_.next();
      entered_by = std::move(ending);
    } else {
      break;
    }
    entered_at_ = now_.mono;
    timer_.Stop();
    ahead_since_.reset();
    unfinal_since_.reset();
  }
  if (entered_by == nullptr) return false;
  if (voter()) SendTo(LeaderOf(view_), CertificateMessage{{entered_by}, {}});
  std::erase_if(ahead_, [this](const auto& item) { return item.second <= view_; });
  return true;
}

// --- Notarize

bool Core::State::VoteNotarize() {
  skew_retry_at_.reset();
  std::vector<Statement> ready;
  for (auto& [hash, held] : tree_.blocks()) {
    if (MayNotarize(held)) {
      ready.push_back({VoteKind::kNotarize, config_.epoch, held.block->header.view, hash});
    }
  }
  std::ranges::sort(ready, {}, [](const Statement& s) { return s.view; });
  for (const Statement& statement : ready) {
    if (!VotesIn(statement.view) || Own(statement.view, VoteKind::kNotarize) != nullptr) continue;
    HeldBlock& held = *tree_.Find(statement.block_hash);
    PersistEntered(statement.view);
    if (!held.journaled) {
      Persist(statement.view, RecordKind::kBlock, EncodeBlock(*held.block));
      held.journaled = true;
    }
    Cast(statement);
  }
  return !ready.empty();
}

bool Core::State::MayNotarize(const HeldBlock& held) {
  const BlockHeader& header = held.block->header;
  const View view = header.view;
  if (held.validity != Validity::kValid || !VotesIn(view)) return false;
  if (Own(view, VoteKind::kNotarize) != nullptr) return false;
  // A view that is over and was skipped needs no more votes of ours.
  if (view < view_ && Own(view, VoteKind::kSkip) != nullptr) return false;
  const BlockHeader* parent = tree_.ReadyHeader(header.parent);
  if (parent == nullptr) return false;
  const View parent_view = tree_.ViewOf(*parent);
  const bool parent_is_root = header.parent == tree_.root().hash;
  if (!parent_is_root && book_.FindFor(parent_view, header.parent) == nullptr) return false;
  if (!book_.AllSkipped(parent_view, view)) return false;
  if (held.block->entries.empty() && TooSoonWhenEmpty(*parent, header.time)) return false;
  // A TAIL block says the time of the closing block, however long ago that was.
  return header.kind == BlockKind::kTail || Timely(header);
}

// The skew is a condition of the vote only, tried again as time passes.
bool Core::State::Timely(const BlockHeader& header) {
  const Duration ahead = header.time - now_.wall;
  if (ahead < Duration{-config_.timing.max_clock_skew.us}) return false;
  if (ahead <= config_.timing.max_clock_skew) return true;
  const Instant retry = now_.mono + Duration{ahead.us - config_.timing.max_clock_skew.us};
  if (!skew_retry_at_ || retry < *skew_retry_at_) skew_retry_at_ = retry;
  return false;
}

// Would an empty child of this time stand on a final block without need?
bool Core::State::TooSoonWhenEmpty(const BlockHeader& parent, Time time) const {
  const bool final = parent == tree_.root().header || tree_.ViewOf(parent) <= book_.final_view();
  return final && !IsOld(parent, time);
}

bool Core::State::IsOld(const BlockHeader& parent, Time time) const {
  return time - parent.time >= Duration{config_.timing.heartbeat.us / 2};
}

// --- Finalize

bool Core::State::VoteFinalize() {
  std::vector<Statement> ready;
  for (const auto& [hash, held] : tree_.blocks()) {
    const View view = held.block->header.view;
    if (!VotesIn(view)) continue;
    const Vote* notarize = Own(view, VoteKind::kNotarize);
    if (notarize == nullptr || notarize->statement.block_hash != hash) continue;
    if (Own(view, VoteKind::kSkip) != nullptr || Own(view, VoteKind::kFinalize) != nullptr)
      continue;
    const CertificatePtr notarized = book_.Find(view, VoteKind::kNotarize);
    if (notarized == nullptr || notarized->statement.block_hash != hash) continue;
    ready.push_back({VoteKind::kFinalize, config_.epoch, view, hash});
  }
  std::ranges::sort(ready, {}, [](const Statement& s) { return s.view; });
  for (const Statement& statement : ready) {
    if (!VotesIn(statement.view)) continue;  // a vote before it has made a later view final
    PersistEntered(statement.view);
    const CertificatePtr notarized = book_.Find(statement.view, VoteKind::kNotarize);
    Persist(statement.view, RecordKind::kNotarized,
            EncodeCertificate(*notarized, config_.voters.size()));
    entered_journaled_.insert(statement.view.next());
    Cast(statement);
  }
  return !ready.empty();
}

// --- Skip

bool Core::State::VoteSkip() {
  if (!MaySkip() || !work_since_) return false;
  if (!timer_.Expired(now_.mono) && !LeaderIsGone()) return false;
  PersistEntered(view_);
  Cast({VoteKind::kSkip, config_.epoch, view_, Hash()});
  return true;
}

bool Core::State::MaySkip() const {
  return VotesIn(view_) && Own(view_, VoteKind::kSkip) == nullptr &&
         Own(view_, VoteKind::kFinalize) == nullptr;
}

// A leader without a stream is skipped at once, but only by a node that is itself well connected,
// and not for ever: after n views without finality patience is what is needed.
bool Core::State::LeaderIsGone() const {
  const Position leader = LeaderOf(view_);
  if (leader == config_.self || up_.contains(leader)) return false;
  if (up_.size() + 1 < config_.voters.quorum()) return false;
  return view_.value() - book_.final_view().value() <= config_.voters.size();
}

// --- Casting

bool Core::State::VotesIn(View view) const {
  return voter() && !restoring_ && !ends_at_ && view >= votes_from_ && view > book_.final_view() &&
         view <= view_;
}

const Vote* Core::State::Own(View view, VoteKind kind) const {
  return voter() ? book_.VoteOf(*config_.self, view, kind) : nullptr;
}

// The caller has persisted what justifies the vote.
void Core::State::Cast(const Statement& statement) {
  Vote vote{statement, *config_.self, SignStatement(statement, config_.ledger, *config_.key)};
  Persist(statement.view, RecordOf(statement.kind), EncodeVote(vote));
  const CertificatePtr formed = book_.AddVote(vote);
  // The rules above let no conflicting vote through.
  ASSENT_CHECK(Own(statement.view, statement.kind) != nullptr);
  SendTo(std::nullopt, std::move(vote));
  if (formed != nullptr) NoteCertificate(formed);
}

// With the first vote in a view, what led into it: so that a node that restores can be told truly
// how far this one came.
void Core::State::PersistEntered(View view) {
  if (view == tree_.root_view().next() || !entered_journaled_.insert(view).second) return;
  const View before(view.value() - 1);
  CertificatePtr entered_by = book_.Ending(before);
  if (entered_by == nullptr) entered_by = book_.highest_final();
  if (entered_by == nullptr) return;
  Persist(view, RecordKind::kEntered, EncodeCertificate(*entered_by, config_.voters.size()));
}

void Core::State::Persist(View view, RecordKind kind, std::string bytes) {
  out_.persist.push_back({config_.epoch, view, kind, std::move(bytes)});
}

}  // namespace assent::consensus
