// What comes from other nodes: SPECIFICATION.md, "Messages".
#include <algorithm>
#include <utility>

#include "node/consensus/core_state.h"

namespace assent::consensus {

void Core::State::Take(const PeerUp& event) {
  if (event.peer >= config_.voters.size() || event.peer == config_.self) return;
  up_.insert(event.peer);
  SendState(event.peer);
  if (restoring_ && !answers_.contains(event.peer))
    SendTo(event.peer, RestoreRequest{config_.nonce});
}

void Core::State::Take(const PeerDown& event) { up_.erase(event.peer); }

void Core::State::Take(const WorkChanged& event) {
  pending_ = event.pending;
  ++work_changes_;
}

void Core::State::Take(const Received<Proposal>& event) {
  const BlockPtr& block = event.message->block;
  const View view = block->header.view;
  for (const CertificatePtr& certificate : event.message->justification) {
    TakeCertificate(certificate);
  }
  NoteAhead(event.from, view);
  AnswerIfOver(event.from, view);
  // Everybody may show what a leader has signed, but entries are taken from the leader, or from
  // whom they were asked: the header alone does not say whether they are the right ones.
  const bool from_leader = event.from == LeaderOf(view);
  const bool certified = IsCertified(*block);
  if (fetcher_.Expects(block->hash, event.from) || (certified && from_leader)) {
    HoldBlock(block, event.from);
  }
  if (view <= book_.final_view() || view.value() > view_.value() + kProposalViewsAhead) return;
  const Vote signed_hash{{VoteKind::kNotarize, config_.epoch, view, block->hash},
                         LeaderOf(view),
                         block->leader_signature};
  const Vote& first = proposals_.try_emplace(view, signed_hash).first->second;
  if (first.statement.block_hash != block->hash) {
    if (proposal_evidence_[LeaderOf(view)]++ < kEvidencePerVoterMax) {
      out_.evidence.push_back({Evidence::Kind::kProposals, first, signed_hash});
    }
    return;
  }
  if (!from_leader) return;
  // A block of a view that was skipped matters only if it is notarized as well.
  if (!certified && book_.Find(view, VoteKind::kSkip) != nullptr) return;
  HoldBlock(block, event.from);
  // A leader that asks for an empty block on one that is final does not know that it is.
  const BlockHeader* parent = tree_.ReadyHeader(block->header.parent);
  if (block->entries.empty() && parent != nullptr && book_.highest_final() != nullptr &&
      TooSoonWhenEmpty(*parent, block->header.time) && MayAnswer(event.from)) {
    SendTo(event.from, CertificateMessage{{book_.highest_final()}, {}});
  }
}

void Core::State::Take(const Received<Vote>& event) {
  const Vote& vote = *event.message;
  if (vote.voter != event.from || vote.voter == config_.self) return;
  const View view = vote.statement.view;
  NoteAhead(event.from, view);
  AnswerIfOver(event.from, view);
  if (view.value() > view_.value() + kVoteViewsAhead) return;
  if (const CertificatePtr formed = book_.AddVote(vote)) NoteCertificate(formed);
}

void Core::State::Take(const Received<CertificateMessage>& event) {
  for (const CertificatePtr& certificate : event.message->certificates) {
    TakeCertificate(certificate);
  }
  if (event.message->newest == View(0)) return;
  NoteAhead(event.from, event.message->newest.next());
  AnswerIfOver(event.from, event.message->newest.next());
}

void Core::State::Take(const Received<BlockResponse>& event) {
  const BlockPtr& block = event.message->block;
  if (fetcher_.Expects(block->hash, event.from)) HoldBlock(block, event.from);
}

void Core::State::Take(const RequestReceived& event) {
  if (event.from >= config_.voters.size() || event.from == config_.self) return;
  if (!MayAnswer(event.from)) return;
  std::visit([&](const auto& request) { Answer(event.from, request); }, event.request);
}

void Core::State::Answer(Position peer, const CertificateRequest& request) {
  if (request.epoch != config_.epoch) return;
  SendCertificatesFrom(peer, request.from_view, kAnswerCertificatesMax);
}

void Core::State::Answer(Position peer, const BlockRequest& request) {
  if (BlockPtr block = tree_.Body(request.block_hash))
    SendTo(peer, BlockResponse{std::move(block)});
}

// --- Certificates

void Core::State::TakeCertificate(const CertificatePtr& certificate) {
  if (book_.AddCertificate(certificate)) NoteCertificate(certificate);
}

// A certificate has come into the book.
void Core::State::NoteCertificate(const CertificatePtr& certificate) {
  const Statement& statement = certificate->statement;
  out_.certified.push_back(statement);
  if (statement.kind == VoteKind::kFinalize) {
    final_at_ = now_.mono;
    heartbeat_at_ = now_.mono + config_.timing.heartbeat;
    unfinal_since_.reset();
  }
  if (statement.kind != VoteKind::kSkip) {
    if (const HeldBlock* held = tree_.Find(statement.block_hash);
        held != nullptr && held->validity == Validity::kInvalid) {
      out_.invalid.push_back({held->block, held->reason, true});
    }
    return;
  }
  // What was skipped and is not notarized has no future, unless it was promised to be kept.
  const auto proposal = proposals_.find(statement.view);
  if (proposal == proposals_.end()) return;
  const HeldBlock* held = tree_.Find(proposal->second.statement.block_hash);
  if (held == nullptr || held->journaled || IsCertified(*held->block)) return;
  DropBlock(held->block->hash);
}

// A message that was merely slow is no reason to answer.
void Core::State::AnswerIfOver(Position peer, View view) {
  if (view >= view_) return;
  if (view.value() + kSlowViews >= view_.value() && now_.mono < entered_at_ + Grace()) return;
  Answered& answered = answered_[peer];
  if (answered.over_at && now_.mono < *answered.over_at + Grace()) return;
  if (!MayAnswer(peer)) return;
  answered.over_at = now_.mono;
  SendCertificatesFrom(peer, view, kAnswerCertificatesMax);
}

void Core::State::NoteAhead(Position peer, View view) {
  if (view <= view_) return;
  View& heard = ahead_[peer];
  heard = std::max(heard, view);
  if (!ahead_since_) ahead_since_ = now_.mono;
}

// The newest final one, and from `from` on what is held above it: the lowest views first.
void Core::State::SendCertificatesFrom(std::optional<Position> to, View from, std::size_t max) {
  std::vector<CertificatePtr> certificates;
  if (from <= book_.final_view() && book_.highest_final() != nullptr) {
    certificates.push_back(book_.highest_final());
  }
  const View first = std::max(from, book_.final_view().next());
  for (CertificatePtr& certificate : book_.Certificates(first, view_, max)) {
    certificates.push_back(std::move(certificate));
  }
  SendCertificates(to, std::move(certificates));
}

// Each message ends with the newest certificate, so that its receiver sees how far this node is.
void Core::State::SendCertificates(std::optional<Position> to,
                                   std::vector<CertificatePtr> certificates) {
  if (certificates.empty()) return;
  const std::size_t one = config_.voters.size() * (Signature::kSize + 1) + 64;
  const std::size_t most =
      std::clamp<std::size_t>(kCertificateBytesPerMessageMax / one, 2, kCertificatesPerMessageMax) -
      1;
  const CertificatePtr newest = book_.HighestCertificate();
  for (std::size_t at = 0; at < certificates.size(); at += most) {
    const auto begin = certificates.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(most, certificates.size() - at));
    CertificateMessage message{{begin, end}, newest->statement.view};
    if (message.certificates.back() != newest) message.certificates.push_back(newest);
    SendTo(to, std::move(message));
  }
}

bool Core::State::MayAnswer(Position peer) {
  Answered& answered = answered_[peer];
  if (answered.count == 0 || now_.mono >= answered.since + config_.timing.view_timeout) {
    answered.since = now_.mono;
    answered.count = 0;
  }
  return answered.count++ < kAnswersPerPeerMax;
}

}  // namespace assent::consensus
