#include "node/consensus/verifier.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"

namespace assent::consensus {
namespace {

absl::Status CheckEpoch(Epoch theirs, Epoch ours) {
  if (theirs == ours) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("message of epoch ", theirs.value(), ", this node is in epoch ", ours.value()));
}

}  // namespace

Verifier::Verifier(const LedgerId& ledger, Epoch epoch, VoterSet voters)
    : ledger_(ledger), epoch_(epoch), voters_(std::move(voters)) {}

absl::Status Verifier::CheckBlock(const Block& block) const {
  const BlockHeader& header = block.header;
  if (auto status = CheckEpoch(header.epoch, epoch_); !status.ok()) return status;
  if (header.ledger_id != ledger_) {
    return absl::InvalidArgumentError("block refused: it belongs to another ledger");
  }
  if (header.view == View(0)) {
    return absl::InvalidArgumentError("block refused: views are counted from 1");
  }
  if (block.header_bytes != EncodeBlockHeader(header) ||
      block.hash != BlockHash(block.header_bytes)) {
    return absl::InvalidArgumentError("block refused: header and hash do not belong together");
  }
  const std::uint64_t entries = header.tree_size - header.first_index.value();
  if (entries != block.entries.size()) {
    return absl::InvalidArgumentError(absl::StrCat("block refused: its header speaks of ", entries,
                                                   " entries, ", block.entries.size(),
                                                   " came with it"));
  }
  if (block.entries.size() > kBlockEntriesMax) {
    return absl::InvalidArgumentError(absl::StrCat("block refused: ", block.entries.size(),
                                                   " entries, at most ", kBlockEntriesMax));
  }
  const Voter& leader = voters_.at(voters_.Leader(epoch_, header.view));
  if (!VerifyProposal(epoch_, header.view, block.hash, ledger_, leader.vote_key,
                      block.leader_signature)) {
    return absl::InvalidArgumentError(absl::StrCat("block refused: view ", header.view.value(),
                                                   " is not signed by its leader ",
                                                   leader.code.str()));
  }
  return absl::OkStatus();
}

absl::Status Verifier::CheckVote(const Vote& vote) const {
  if (auto status = CheckEpoch(vote.statement.epoch, epoch_); !status.ok()) return status;
  if (vote.voter >= voters_.size()) {
    return absl::InvalidArgumentError("vote refused: its voter is none of this epoch");
  }
  if (vote.statement.view == View(0)) {
    return absl::InvalidArgumentError("vote refused: views are counted from 1");
  }
  if (vote.statement.kind == VoteKind::kSkip && !vote.statement.block_hash.IsZero()) {
    return absl::InvalidArgumentError("vote refused: a skip vote names no block");
  }
  const Voter& voter = voters_.at(vote.voter);
  if (!VerifyStatement(vote.statement, ledger_, voter.vote_key, vote.signature)) {
    return absl::InvalidArgumentError(
        absl::StrCat("vote refused: not signed by the vote key of ", voter.code.str()));
  }
  return absl::OkStatus();
}

absl::Status Verifier::CheckCertificate(const Certificate& certificate) const {
  if (auto status = CheckEpoch(certificate.statement.epoch, epoch_); !status.ok()) return status;
  if (certificate.statement.view == View(0)) {
    return absl::InvalidArgumentError("certificate refused: views are counted from 1");
  }
  return VerifyCertificate(certificate, ledger_, voters_);
}

absl::Status Verifier::CheckNew(std::vector<CertificatePtr>& certificates) const {
  {
    std::lock_guard lock(mutex_);
    std::erase_if(certificates, [this](const CertificatePtr& certificate) {
      return certificate != nullptr &&
             (certificate->statement.view < final_view_ ||
              remembered_.contains({certificate->statement.view, certificate->statement}));
    });
  }
  for (const CertificatePtr& certificate : certificates) {
    if (certificate == nullptr) return absl::InvalidArgumentError("certificate refused: empty");
    if (auto status = CheckCertificate(*certificate); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<Verified<Proposal>> Verifier::Check(Proposal proposal) const {
  if (proposal.block == nullptr) return absl::InvalidArgumentError("proposal refused: no block");
  if (auto status = CheckBlock(*proposal.block); !status.ok()) return status;
  if (proposal.justification.size() > kJustificationMax) {
    return absl::InvalidArgumentError("proposal refused: too many certificates");
  }
  if (auto status = CheckNew(proposal.justification); !status.ok()) return status;
  return Verified<Proposal>(std::move(proposal));
}

absl::StatusOr<Verified<Vote>> Verifier::Check(Vote vote) const {
  if (auto status = CheckVote(vote); !status.ok()) return status;
  return Verified<Vote>(std::move(vote));
}

absl::StatusOr<Verified<CertificateMessage>> Verifier::Check(CertificateMessage message) const {
  if (message.certificates.size() > kCertificatesPerMessageMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("certificates refused: ", message.certificates.size(),
                     " in one message, at most ", kCertificatesPerMessageMax));
  }
  message.newest = View(0);
  const std::vector<CertificatePtr> all = message.certificates;
  if (auto status = CheckNew(message.certificates); !status.ok()) return status;
  for (const CertificatePtr& one : all) {
    message.newest = std::max(message.newest, one->statement.view);
  }
  return Verified<CertificateMessage>(std::move(message));
}

absl::StatusOr<Verified<BlockResponse>> Verifier::Check(BlockResponse response) const {
  if (response.block == nullptr) return absl::InvalidArgumentError("answer refused: no block");
  if (auto status = CheckBlock(*response.block); !status.ok()) return status;
  return Verified<BlockResponse>(std::move(response));
}

absl::StatusOr<Verified<RestoreResponse>> Verifier::Check(RestoreResponse response,
                                                          Position asker) const {
  if (auto status = CheckEpoch(response.epoch, epoch_); !status.ok()) return status;
  if (response.votes_of_yours.size() > kRestoreVotesMax) {
    return absl::InvalidArgumentError("answer refused: too many votes");
  }
  if (response.certificate == nullptr) {
    if (response.view != View(1)) {
      return absl::InvalidArgumentError("answer refused: no certificate proves its view");
    }
  } else {
    if (auto status = CheckCertificate(*response.certificate); !status.ok()) return status;
    if (response.view != response.certificate->statement.view.next()) {
      return absl::InvalidArgumentError("answer refused: its certificate leads into another view");
    }
  }
  for (const Vote& vote : response.votes_of_yours) {
    if (vote.voter != asker) {
      return absl::InvalidArgumentError("answer refused: it holds a vote of somebody else");
    }
    if (auto status = CheckVote(vote); !status.ok()) return status;
  }
  return Verified<RestoreResponse>(std::move(response));
}

absl::StatusOr<Verified<CertificatePtr>> Verifier::Check(CertificatePtr certificate) const {
  if (certificate == nullptr) return absl::InvalidArgumentError("certificate refused: empty");
  if (auto status = CheckCertificate(*certificate); !status.ok()) return status;
  return Verified<CertificatePtr>(std::move(certificate));
}

void Verifier::Remember(const std::vector<Statement>& statements) {
  std::lock_guard lock(mutex_);
  for (const Statement& statement : statements) {
    remembered_.emplace(statement.view, statement);
    if (statement.kind == VoteKind::kFinalize) final_view_ = std::max(final_view_, statement.view);
  }
  while (remembered_.size() > kRememberedMax) remembered_.erase(remembered_.begin());
}

}  // namespace assent::consensus
