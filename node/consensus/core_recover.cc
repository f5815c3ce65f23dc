// Reading back what was promised before a restart, through the same code that takes news in.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/consensus/core_state.h"

namespace assent::consensus {
namespace {

absl::Status Damaged(const JournalRecord& record, std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the vote journal is damaged at epoch ", record.epoch.value(), ", view ",
                   record.view.value(), ": ", AbslView(what),
                   "; restore the node from its peers rather than start it without its votes"));
}

}  // namespace

absl::Status Core::State::Recover(const std::vector<JournalRecord>& records) {
  const Verifier verifier(config_.ledger, config_.epoch, config_.voters);
  for (const JournalRecord& record : records) {
    if (record.epoch != config_.epoch || record.view <= tree_.root_view()) continue;
    if (absl::Status status = Replay(verifier, record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Core::State::Replay(const Verifier& verifier, const JournalRecord& record) {
  switch (record.kind) {
    case RecordKind::kEntered:
      entered_journaled_.insert(record.view);
      return ReplayCertificate(verifier, record);
    case RecordKind::kNotarized:
      entered_journaled_.insert(record.view.next());
      return ReplayCertificate(verifier, record);
    case RecordKind::kBlock:
      return ReplayBlock(verifier, record);
    case RecordKind::kNotarize:
    case RecordKind::kSkip:
    case RecordKind::kFinalize:
      return ReplayVote(record);
    case RecordKind::kFloor:
      return ReplayFloor(record);
  }
  return Damaged(record, "a record of unknown kind");
}

absl::Status Core::State::ReplayCertificate(const Verifier& verifier, const JournalRecord& record) {
  auto certificate = ParseCertificate(record.bytes, config_.voters.size());
  if (!certificate.ok()) return Damaged(record, StdView(certificate.status().message()));
  auto verified = verifier.Check(std::make_shared<const Certificate>(*std::move(certificate)));
  if (!verified.ok()) return Damaged(record, StdView(verified.status().message()));
  TakeCertificate(**verified);
  return absl::OkStatus();
}

absl::Status Core::State::ReplayVote(const JournalRecord& record) {
  const absl::StatusOr<Vote> vote = ParseVote(record.bytes, record.epoch, record.view);
  if (!vote.ok()) return vote.status();
  // A node whose keys are replaced may be started with the new ones before it has come to the end
  // of the epoch of the old: it follows there, and what it cast before has to be good all the same.
  const bool known = voter() ? vote->voter == config_.self : vote->voter < config_.voters.size();
  if (!known || !VerifyStatement(vote->statement, config_.ledger,
                                 config_.voters.at(vote->voter).vote_key, vote->signature)) {
    return Damaged(record, "a vote that is not by this node's vote key");
  }
  if (const CertificatePtr formed = book_.AddVote(*vote)) NoteCertificate(formed);
  return absl::OkStatus();
}

absl::Status Core::State::ReplayBlock(const Verifier& verifier, const JournalRecord& record) {
  absl::StatusOr<BlockPtr> block = ParseBlock(record.bytes);
  if (!block.ok()) return Damaged(record, StdView(block.status().message()));
  const auto verified = verifier.Check(BlockResponse{*block});
  if (!verified.ok()) return Damaged(record, StdView(verified.status().message()));
  proposals_[record.view] = Vote{{VoteKind::kNotarize, record.epoch, record.view, (*block)->hash},
                                 LeaderOf(record.view),
                                 (*block)->leader_signature};
  tree_.Hold(*std::move(block)).journaled = true;
  return absl::OkStatus();
}

absl::Status Core::State::ReplayFloor(const JournalRecord& record) {
  ByteReader in(record.bytes);
  const View no_vote_up_to(in.U64());
  if (!in.AtEnd()) return Damaged(record, "the floor of a restored node is cut off");
  proposes_from_ = std::max(proposes_from_, record.view.next());
  votes_from_ = std::max(votes_from_, no_vote_up_to.next());
  return absl::OkStatus();
}

}  // namespace assent::consensus
