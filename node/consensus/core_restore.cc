// A node that may have forgotten its votes: SPECIFICATION.md, "Restoring".
#include <algorithm>
#include <string>
#include <utility>

#include "node/consensus/core_state.h"

namespace assent::consensus {

// A vote of mine that I do not know of: an old copy of the journal was brought back.
void Core::State::Take(const OwnVoteSeen& event) {
  const Vote& vote = *event.vote;
  const View view = vote.statement.view;
  if (!voter() || vote.voter != config_.self || restoring_) return;
  if (view <= book_.final_view() || view < votes_from_) return;
  const Vote* own = Own(view, vote.statement.kind);
  if (own != nullptr && own->statement == vote.statement) return;
  StartRestoring();
}

void Core::State::StartRestoring() {
  restoring_ = true;
  answers_.clear();
  restore_asked_at_.reset();
  out_.restoring = true;
}

// Nobody else votes in an epoch of one: its operator alone can know.
void Core::State::AskRestore() {
  if (!restoring_ || config_.voters.size() == 1) return;
  if (restore_asked_at_ && now_.mono < *restore_asked_at_ + config_.timing.standstill) return;
  restore_asked_at_ = now_.mono;
  for (Position peer = 0; peer < config_.voters.size(); ++peer) {
    if (!answers_.contains(peer)) SendTo(peer, RestoreRequest{config_.nonce});
  }
}

void Core::State::Answer(Position peer, const RestoreRequest& request) {
  RestoreResponse response;
  response.nonce = request.nonce;
  response.epoch = config_.epoch;
  response.view = View(1);
  response.certificate = book_.HighestCertificate();
  if (response.certificate != nullptr) response.view = response.certificate->statement.view.next();
  response.votes_of_yours = book_.VotesOf(peer);
  std::ranges::reverse(response.votes_of_yours);
  if (response.votes_of_yours.size() > kRestoreVotesMax) {
    response.votes_of_yours.resize(kRestoreVotesMax);
  }
  response.restoring = restoring_;
  SendTo(peer, std::move(response));
}

void Core::State::Take(const Received<RestoreResponse>& event) {
  const RestoreResponse& response = *event.message;
  if (response.certificate != nullptr) TakeCertificate(response.certificate);
  if (!restoring_ || response.restoring || response.nonce != config_.nonce) return;
  answers_.insert_or_assign(event.from, response);
  const std::size_t n = config_.voters.size();
  const std::size_t needed = std::min(config_.voters.quorum(), n - 1);
  if (answers_.size() >= needed) FinishRestoring();
}

// Every view in which this node can have voted is at most M + 1. Where everybody is needed for a
// quorum nobody can stand aside so long: there the others know every vote that counts.
void Core::State::FinishRestoring() {
  View highest;
  for (const auto& [peer, answer] : answers_) highest = std::max(highest, answer.view);
  const View floor = highest.next();
  proposes_from_ = floor.next();
  if (config_.voters.quorum() == config_.voters.size()) {
    AdoptVotes();
  } else {
    votes_from_ = floor.next();
  }
  std::string no_vote_up_to;
  AppendU64(no_vote_up_to, votes_from_.value() - 1);
  Persist(floor, RecordKind::kFloor, std::move(no_vote_up_to));
  restoring_ = false;
  answers_.clear();
  out_.restoring = false;
}

// Whoever entered the next epoch before the answers were given did so by a finalize certificate
// of a view below the highest of them, M: somebody who answered had cast one of its votes, and so
// was in a later view. A closing block of view M or above was not final then; after an older one
// this node may have voted in the next epoch too, and forgotten it.
bool Core::State::MayHaveVotedAfter(const BlockHeader& closing) const {
  return closing.view.next().next() < proposes_from_;
}

void Core::State::AdoptVotes() {
  for (const auto& [peer, answer] : answers_) {
    for (const Vote& vote : answer.votes_of_yours) {
      const View view = vote.statement.view;
      if (view <= book_.final_view() || Own(view, vote.statement.kind) != nullptr) continue;
      const CertificatePtr formed = book_.AddVote(vote);
      if (Own(view, vote.statement.kind) == nullptr) continue;  // contradicts one adopted before
      Persist(view, RecordOf(vote.statement.kind), EncodeVote(vote));
      if (formed != nullptr) NoteCertificate(formed);
    }
  }
}

}  // namespace assent::consensus
