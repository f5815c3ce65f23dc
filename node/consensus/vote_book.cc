#include "node/consensus/vote_book.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::consensus {

CertificatePtr VoteBook::AddVote(const Vote& vote) {
  const Statement& statement = vote.statement;
  auto [newest, first] = newest_.try_emplace(vote.voter, vote);
  if (!first && std::pair(newest->second.statement.view, newest->second.statement.kind) <
                    std::pair(statement.view, statement.kind)) {
    newest->second = vote;
  }
  newest_views_[vote.voter] = newest->second.statement.view;
  if (statement.view.value() + kEvidenceViews <= final_view_.value()) return nullptr;
  ViewRecord& record = views_[statement.view];
  if (FindConflict(record, vote)) return nullptr;
  auto& votes = record.votes[Index(statement.kind)];
  if (!votes.try_emplace(vote.voter, vote).second) return nullptr;
  Trim();
  if (statement.view <= final_view_) return nullptr;
  CertificatePtr formed = Complete(record, statement);
  return formed != nullptr && AddCertificate(formed) ? formed : nullptr;
}

// True when `vote` must not be counted because the voter has said the contrary.
bool VoteBook::FindConflict(const ViewRecord& record, const Vote& vote) {
  for (const auto& votes : record.votes) {
    const auto other = votes.find(vote.voter);
    if (other == votes.end() || !Conflict(other->second.statement, vote.statement)) continue;
    std::set<View>& given = evidence_given_[vote.voter];
    if (given.size() < kEvidencePerVoterMax && given.insert(vote.statement.view).second) {
      evidence_.push_back({Evidence::Kind::kVotes, other->second, vote});
    }
    return true;
  }
  return false;
}

CertificatePtr VoteBook::Complete(const ViewRecord& record, const Statement& statement) const {
  const auto& votes = record.votes[Index(statement.kind)];
  if (record.certificates[Index(statement.kind)] != nullptr) return nullptr;
  if (votes.size() < voters_->quorum()) return nullptr;
  Certificate certificate{statement, {}};
  for (const auto& [voter, vote] : votes) {
    if (vote.statement == statement) certificate.votes.emplace_back(voter, vote.signature);
  }
  if (certificate.votes.size() < voters_->quorum()) return nullptr;
  return std::make_shared<const Certificate>(std::move(certificate));
}

bool VoteBook::AddCertificate(CertificatePtr certificate) {
  const Statement& statement = certificate->statement;
  if (statement.view < final_view_) return false;
  if (statement.view == final_view_ && statement.kind != VoteKind::kFinalize) return false;
  ViewRecord& record = views_[statement.view];
  CertificatePtr& held = record.certificates[Index(statement.kind)];
  if (held != nullptr) {
    if (held->statement != statement) {
      broken_ = absl::StrCat("two blocks of view ", statement.view.value(),
                             " have a certificate: more voters are faulty than the protocol bears");
    }
    return false;
  }
  held = certificate;
  CheckCertificates(record);
  if (statement.kind == VoteKind::kNotarize) {
    highest_notarized_ = std::max(highest_notarized_, statement.view);
  }
  if (statement.kind == VoteKind::kFinalize) {
    const View view = statement.view;
    highest_final_ = std::move(certificate);
    Forget(view);
  }
  return true;
}

void VoteBook::CheckCertificates(const ViewRecord& record) {
  const CertificatePtr& notarized = record.certificates[Index(VoteKind::kNotarize)];
  const CertificatePtr& skipped = record.certificates[Index(VoteKind::kSkip)];
  const CertificatePtr& final = record.certificates[Index(VoteKind::kFinalize)];
  if (final == nullptr) return;
  if (skipped != nullptr ||
      (notarized != nullptr && notarized->statement.block_hash != final->statement.block_hash)) {
    broken_ = absl::StrCat("view ", final->statement.view.value(),
                           " is final and something else as well: more voters are faulty than the "
                           "protocol bears");
  }
}

CertificatePtr VoteBook::Find(View view, VoteKind kind) const {
  const auto found = views_.find(view);
  return found == views_.end() ? nullptr : found->second.certificates[Index(kind)];
}

CertificatePtr VoteBook::FindFor(View view, const Hash& block) const {
  for (const VoteKind kind : {VoteKind::kFinalize, VoteKind::kNotarize}) {
    CertificatePtr certificate = Find(view, kind);
    if (certificate != nullptr && certificate->statement.block_hash == block) return certificate;
  }
  return nullptr;
}

CertificatePtr VoteBook::Ending(View view) const {
  for (const VoteKind kind : {VoteKind::kFinalize, VoteKind::kNotarize, VoteKind::kSkip}) {
    if (CertificatePtr certificate = Find(view, kind)) return certificate;
  }
  return nullptr;
}

CertificatePtr VoteBook::HighestCertificate() const {
  for (auto it = views_.rbegin(); it != views_.rend(); ++it) {
    if (CertificatePtr certificate = Ending(it->first)) return certificate;
  }
  return highest_final_;
}

std::vector<CertificatePtr> VoteBook::Certificates(View from, View end, std::size_t max) const {
  std::vector<CertificatePtr> result;
  for (auto it = views_.lower_bound(from); it != views_.end() && it->first < end; ++it) {
    for (const CertificatePtr& certificate : it->second.certificates) {
      if (certificate == nullptr) continue;
      if (result.size() == max) return result;
      result.push_back(certificate);
    }
  }
  return result;
}

bool VoteBook::AllSkipped(View after, View before) const {
  auto it = views_.upper_bound(after);
  for (View view = after.next(); view < before; view = view.next(), ++it) {
    if (it == views_.end() || it->first != view ||
        it->second.certificates[Index(VoteKind::kSkip)] == nullptr) {
      return false;
    }
  }
  return true;
}

const Vote* VoteBook::VoteOf(Position voter, View view, VoteKind kind) const {
  const auto found = views_.find(view);
  if (found == views_.end()) return nullptr;
  const auto& votes = found->second.votes[Index(kind)];
  const auto vote = votes.find(voter);
  return vote == votes.end() ? nullptr : &vote->second;
}

std::vector<Vote> VoteBook::VotesOf(Position voter) const {
  std::vector<Vote> result;
  for (auto it = views_.upper_bound(final_view_); it != views_.end(); ++it) {
    for (const auto& votes : it->second.votes) {
      if (const auto vote = votes.find(voter); vote != votes.end()) result.push_back(vote->second);
    }
  }
  return result;
}

std::optional<Vote> VoteBook::NewestOf(Position voter) const {
  const auto found = newest_.find(voter);
  return found == newest_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t VoteBook::VotersFrom(View view, std::optional<Position> except) const {
  auto count = static_cast<std::size_t>(
      std::ranges::count_if(newest_views_, [view](View newest) { return newest >= view; }));
  if (except && newest_views_[*except] >= view) --count;
  return count;
}

void VoteBook::Forget(View view) {
  final_view_ = std::max(final_view_, view);
  if (view.value() < kEvidenceViews) return;
  views_.erase(views_.begin(), views_.upper_bound(View(view.value() - kEvidenceViews)));
}

// Bounds the votes held while nothing becomes final: the certificate that ended an old view stands
// in for the votes of others. Own votes bind and stay.
void VoteBook::Trim() {
  if (views_.size() <= kTallyViewsMax) return;
  const auto end = std::prev(views_.end(), static_cast<std::ptrdiff_t>(kTallyViewsMax));
  for (auto it = views_.upper_bound(trimmed_); it != views_.end() && it->first < end->first; ++it) {
    if (Ending(it->first) == nullptr) return;
    for (auto& votes : it->second.votes) {
      std::erase_if(votes, [this](const auto& item) { return item.first != self_; });
    }
    trimmed_ = it->first;
  }
}

std::vector<Evidence> VoteBook::TakeEvidence() { return std::exchange(evidence_, {}); }

}  // namespace assent::consensus
