// Work, timers and what happens when nothing happens: SPECIFICATION.md, "Quiet when idle" and
// "Standstill".
#include <algorithm>
#include <utility>

#include "node/consensus/core_state.h"

namespace assent::consensus {

// The first Step tells what time it is.
void Core::State::StartClocks() {
  if (clocks_started_) return;
  clocks_started_ = true;
  entered_at_ = final_at_ = standstill_at_ = now_.mono;
  ask_certificates_at_ = catch_up_at_ = now_.mono;
  heartbeat_at_ = HeartbeatAfter(tree_.root().header.time);
}

// When the heartbeat after a block is due of which only the stamp is known.
Instant Core::State::HeartbeatAfter(Time block_time) const {
  const Duration heartbeat = config_.timing.heartbeat;
  const Duration age = std::clamp(now_.wall - block_time, Duration{0}, heartbeat);
  return now_.mono + Duration{heartbeat.us - age.us};
}

// Is there a notarized block that is not final, or has this node voted where the view is not over?
bool Core::State::Unfinal() const {
  if (voter()) {
    const std::optional<Vote> newest = book_.NewestOf(*config_.self);
    if (newest && newest->statement.view >= view_) return true;
  }
  return book_.highest_notarized() > book_.final_view();
}

// Messages of f + 1 voters about the present view or later ones: at least one is honest, and has
// work.
bool Core::State::Woken() const {
  return book_.VotersFrom(view_, config_.self) > config_.voters.faults();
}

void Core::State::UpdateWork() {
  if (!Unfinal()) {
    unfinal_since_.reset();
  } else if (!unfinal_since_) {
    unfinal_since_ = now_.mono;
  }
  const bool unfinal_for_long = unfinal_since_ && *unfinal_since_ + HalfTimeout() <= now_.mono;
  const bool work = pending_ || heartbeat_at_ <= now_.mono || unfinal_for_long || Woken();
  if (!work) {
    work_since_.reset();
    timer_.Stop();
    return;
  }
  if (!work_since_) work_since_ = now_.mono;
  const std::uint64_t views = view_.value() - book_.final_view().value() - 1;
  timer_.Start(now_.mono, ViewTimeout(config_.timing, views));
}

// --- Standstill

void Core::State::Standstill() {
  if (!voter() || !work_since_) return;
  const Instant since = std::max({*work_since_, final_at_, standstill_at_});
  if (now_.mono < since + config_.timing.standstill) return;
  standstill_at_ = now_.mono;
  out_.standstill = true;
  SendState(std::nullopt);
}

// What lets another node come to where this one is: certificates, own votes, the own block of the
// present view.
void Core::State::SendState(std::optional<Position> to) {
  const View final_view = book_.final_view();
  std::vector<CertificatePtr> certificates;
  if (book_.highest_final() != nullptr) certificates.push_back(book_.highest_final());
  std::vector<CertificatePtr> above =
      book_.Certificates(final_view.next(), view_, std::size_t{3} * view_.value());
  const std::size_t skipped = above.size() - std::min(above.size(), kStandstillCertificatesMax);
  certificates.insert(certificates.end(), above.begin() + static_cast<std::ptrdiff_t>(skipped),
                      above.end());
  SendCertificates(to, std::move(certificates));
  if (!voter()) return;
  const auto proposal = proposals_.find(view_);
  if (proposal != proposals_.end() && proposal->second.voter == config_.self) {
    if (const HeldBlock* held = tree_.Find(proposal->second.statement.block_hash)) {
      SendTo(to, Proposal{held->block, Justify(held->block->header)});
    }
  }
  std::size_t sent = 0;
  for (const Vote& vote : book_.VotesOf(*config_.self)) {
    // Of a view that is over the certificate says more than the vote, unless it can still become
    // final.
    const bool over = vote.statement.view < view_;
    if (over && vote.statement.kind != VoteKind::kFinalize) continue;
    if (over && book_.Find(vote.statement.view, VoteKind::kSkip) != nullptr) continue;
    if (sent++ == kStandstillVotesMax) break;
    SendTo(to, vote);
  }
}

// --- Asking for certificates

void Core::State::AskCertificates() {
  if (ahead_.empty()) {
    ahead_since_.reset();
    return;
  }
  const bool far = std::ranges::any_of(
      ahead_, [this](const auto& item) { return item.second.value() > view_.value() + 1; });
  if (!ahead_since_) ahead_since_ = now_.mono;
  if (!far && now_.mono < *ahead_since_ + Grace()) return;
  if (now_.mono < ask_certificates_at_) return;
  auto peer = ahead_.upper_bound(last_asked_);
  if (peer == ahead_.end()) peer = ahead_.begin();
  last_asked_ = peer->first;
  ask_certificates_at_ = now_.mono + Grace();
  SendTo(peer->first, CertificateRequest{config_.epoch, view_});
  // Who has nothing to show must say again that it is ahead.
  ahead_.erase(peer);
}

// --- The next deadline

void Core::State::SetDeadline() {
  std::optional<Instant>& next = out_.next_deadline;
  const auto at = [&next](Instant instant) {
    if (!next || instant < *next) next = instant;
  };
  if (MaySkip() && timer_.running()) at(*timer_.end());
  if (voter() && heartbeat_at_ > now_.mono) at(heartbeat_at_);
  if (unfinal_since_ && *unfinal_since_ + HalfTimeout() > now_.mono) {
    at(*unfinal_since_ + HalfTimeout());
  }
  if (voter() && work_since_) {
    at(std::max({*work_since_, final_at_, standstill_at_}) + config_.timing.standstill);
    // A leader may come to propose an empty block.
    if (*work_since_ + HalfTimeout() > now_.mono) at(*work_since_ + HalfTimeout());
  }
  if (skew_retry_at_) at(std::max(*skew_retry_at_, now_.mono + Milliseconds(1)));
  if (const std::optional<Instant> fetch = fetcher_.Next()) at(*fetch);
  if (!ahead_.empty()) at(std::max(*ahead_since_ + Grace(), ask_certificates_at_));
  if (restoring_ && restore_asked_at_) at(*restore_asked_at_ + config_.timing.standstill);
}

}  // namespace assent::consensus
