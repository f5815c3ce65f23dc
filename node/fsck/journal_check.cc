#include "node/fsck/journal_check.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ledger/membership/certificate.h"
#include "node/consensus/messages.h"

namespace assent::fsck {

using consensus::RecordKind;
using consensus::Verifier;

absl::Status JournalCheck::Check(std::string_view key, std::string_view value) {
  const auto record = Record::From(key, value);
  if (!record.ok()) return record.status();
  const auto known = verifiers_.find(record->epoch);
  const Verifier* const verifier = known == verifiers_.end() ? nullptr : &known->second;
  // A floor is a promise to oneself: nobody has signed it.
  if (verifier == nullptr && record->kind != RecordKind::kFloor) ++unchecked_;
  switch (record->kind) {
    case RecordKind::kBlock:
      return CheckBlock(*record, verifier);
    case RecordKind::kNotarize:
    case RecordKind::kSkip:
    case RecordKind::kFinalize:
      return CheckVote(*record, verifier);
    case RecordKind::kEntered:
    case RecordKind::kNotarized:
      return CheckCertificate(*record, verifier);
    case RecordKind::kFloor:
      return CheckFloor(*record);
  }
  return absl::DataLossError("a record of unknown kind");
}

// Without the voters not even its length can be told.
absl::Status JournalCheck::CheckCertificate(const Record& record, const Verifier* verifier) {
  if (verifier == nullptr) return absl::OkStatus();
  auto certificate = ParseCertificate(record.bytes, verifier->voters().size());
  if (!certificate.ok()) return certificate.status();
  const Statement& statement = certificate->statement;
  if (record.kind == RecordKind::kNotarized &&
      (statement.kind != VoteKind::kNotarize || statement.view != record.view)) {
    return absl::DataLossError("the certificate does not notarize a block of its view");
  }
  return verifier->Check(std::make_shared<const Certificate>(*std::move(certificate))).status();
}

absl::Status JournalCheck::CheckBlock(const Record& record, const Verifier* verifier) {
  auto block = consensus::ParseBlock(record.bytes);
  if (!block.ok()) return block.status();
  if ((*block)->header.epoch != record.epoch || (*block)->header.view != record.view) {
    return absl::DataLossError("the block is of another view");
  }
  if (verifier == nullptr) return absl::OkStatus();
  return verifier->Check(consensus::BlockResponse{*std::move(block)}).status();
}

absl::Status JournalCheck::CheckVote(const Record& record, const Verifier* verifier) const {
  const auto vote = consensus::ParseVote(record.bytes, record.epoch, record.view);
  if (!vote.ok()) return vote.status();
  if (consensus::RecordOf(vote->statement.kind) != record.kind) {
    return absl::DataLossError("the vote is of another kind");
  }
  if (verifier == nullptr) return absl::OkStatus();
  if (auto checked = verifier->Check(*vote); !checked.ok()) return checked.status();
  // Where this key did not vote, the votes are by one that it has replaced.
  const auto& voters = verifier->voters().voters();
  const bool voted = std::ranges::find(voters, vote_key_, &Voter::vote_key) != voters.end();
  if (!voted || voters[vote->voter].vote_key == vote_key_) return absl::OkStatus();
  return absl::DataLossError("the vote is not by this node's vote key");
}

absl::Status JournalCheck::CheckFloor(const Record& record) {
  ByteReader in(record.bytes);
  const View no_vote_up_to(in.U64());
  if (!in.AtEnd()) return absl::DataLossError("the floor of a restored node is cut off");
  if (no_vote_up_to > record.view) {
    return absl::DataLossError("the floor of a restored node is beyond its view");
  }
  return absl::OkStatus();
}

}  // namespace assent::fsck
