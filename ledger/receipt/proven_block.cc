#include "ledger/receipt/proven_block.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/step.h"

namespace assent {
namespace {

absl::Status CheckEpoch(const BlockHeader& header, const EpochVoters& epoch) {
  if (header.epoch != epoch.epoch) {
    return absl::InvalidArgumentError(
        absl::StrCat("the block is of epoch ", header.epoch.value(),
                     ", the proof leads from the founding act to epoch ", epoch.epoch.value()));
  }
  if (header.height <= epoch.closed) {
    return absl::InvalidArgumentError("the block is older than its epoch");
  }
  if (header.kind == BlockKind::kNormal && header.voters_hash != epoch.voters.hash()) {
    return absl::InvalidArgumentError("the block names other voters than its epoch has");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ProvenBlock> ProveBlock(const BlockEvidence& evidence, const FoundingAct& act) {
  auto block = ReadHeader(evidence.header, act.ledger_id);
  if (!block.ok()) return At("block header", block.status());
  const auto last = LastAcrossEpochs(*block, evidence.descendants);
  if (!last.ok()) return At("descendants", last.status());
  auto epoch = WalkEpochs(evidence.epochs, act);
  if (!epoch.ok()) return At("voters", epoch.status());
  // A block before an act's is final by its descendants in the epoch that the act began.
  const BlockHeader& judged =
      block->header.epoch == last->header.epoch ? block->header : last->header;
  if (const auto status = CheckEpoch(judged, *epoch); !status.ok()) return At("voters", status);
  auto certificate = CheckFinal(*last, evidence.certificate, epoch->voters);
  if (!certificate.ok()) return At("certificate", certificate.status());
  return ProvenBlock{.block = *std::move(block),
                     .epoch = *std::move(epoch),
                     .certificate = *std::move(certificate)};
}

std::string FinalitySentence(const ProvenBlock& proven) {
  const VoterSet& voters = proven.epoch.voters;
  const std::string signers = absl::StrJoin(
      proven.certificate.votes, ", ",
      [&](std::string* out, const auto& vote) { out->append(voters.at(vote.first).code.str()); });
  return absl::StrCat("the block is final: ", proven.certificate.votes.size(), " of ",
                      voters.size(), " voters signed it (", signers, "), ", voters.quorum(),
                      " are needed");
}

std::string RestartSentence(const ProvenBlock& proven) {
  if (!proven.epoch.restarted) return "";
  const RestartedEpoch& restarted = *proven.epoch.restarted;
  return absl::StrCat("epoch ", restarted.epoch.value(), " began at block ",
                      restarted.height.value(), " by an act that ", restarted.signers, " of ",
                      restarted.members, " members signed, after voters had lost their journals");
}

std::string OtherHistorySentence(const ProvenBlock& proven) {
  const VoterSet& voters = proven.epoch.voters;
  return absl::StrCat("whether more than ", voters.faults(), " of the ", voters.size(),
                      " voters signed a second, different history: compare checkpoints with "
                      "other nodes");
}

absl::Status CheckPlace(EntryIndex index, const BlockHeader& header) {
  if (header.kind == BlockKind::kTail || header.height == Height(0)) {
    return absl::InvalidArgumentError("the block is of a kind that holds no entries");
  }
  if (index < header.first_index || index.value() >= header.tree_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry ", index.value(), " is not among those of block ", header.height.value(), " (",
        header.first_index.value(), " to ", header.tree_size, ", the last excluded)"));
  }
  return absl::OkStatus();
}

absl::Status CheckInclusion(const Hash& leaf_hash, EntryIndex index,
                            const google::protobuf::RepeatedPtrField<std::string>& hashes,
                            const BlockHeader& header) {
  if (static_cast<std::size_t>(hashes.size()) > kProofHashesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", kProofHashesMax, " hashes"));
  }
  std::vector<Hash> proof;
  for (const std::string& bytes : hashes) {
    const auto hash = Hash::From(bytes);
    if (!hash) return absl::InvalidArgumentError("a hash of it is not 32 bytes");
    proof.push_back(*hash);
  }
  return VerifyInclusion(leaf_hash, index.value(), header.tree_size, proof, header.tree_root);
}

}  // namespace assent
