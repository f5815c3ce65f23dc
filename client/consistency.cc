#include "client/consistency.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "ledger/entry/strict.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/epoch_walk.h"
#include "ledger/receipt/ledger_root.h"

namespace assent::client {
namespace {

absl::Status At(std::string_view step, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(step), ": ", status.message()));
}

// Of trees without entries nothing is left to prove but that their root is that of none.
absl::Status CheckTrees(const Checkpoint& older, const Checkpoint& newer,
                        const std::vector<Hash>& hashes) {
  if (older.tree_size > 0) {
    return VerifyConsistency(older.tree_size, older.root, newer.tree_size, newer.root, hashes);
  }
  if (older.root != MerkleEmptyRoot()) {
    return absl::InvalidArgumentError("the older checkpoint has a root without having entries");
  }
  return hashes.empty() ? absl::OkStatus()
                        : absl::InvalidArgumentError("there are hashes where none are needed");
}

}  // namespace

absl::StatusOr<CheckedNote> CheckNoteOfAnyEpoch(
    std::string_view note, const google::protobuf::RepeatedPtrField<v1::EpochChange>& epochs,
    const FoundingAct& act) {
  const auto sets = VotersOfEpochs(epochs, act);
  if (!sets.ok()) return Prefixed("checkpoint: voters", sets.status());
  std::optional<absl::Status> first_fault;
  for (auto voters = sets->rbegin(); voters != sets->rend(); ++voters) {
    auto checked = CheckNote(note, act.text.origin, *voters);
    if (checked.ok()) return checked;
    if (!first_fault) first_fault = checked.status();
  }
  return *first_fault;
}

absl::StatusOr<CheckedConsistency> CheckConsistency(const v1::CheckpointConsistency& proof,
                                                    const FoundingAct& act) {
  const auto& epochs = proof.newer().epochs();
  auto older = CheckNoteOfAnyEpoch(proof.older(), epochs, act);
  if (!older.ok()) return At("older", older.status());
  auto newer = CheckNoteOfAnyEpoch(proof.newer().note(), epochs, act);
  if (!newer.ok()) return At("newer", newer.status());
  const auto hashes = ProofHashes(proof.hashes());
  if (!hashes.ok()) return At("consistency", hashes.status());
  const auto status = CheckTrees(older->checkpoint, newer->checkpoint, *hashes);
  if (!status.ok()) return At("consistency", status);
  return CheckedConsistency{*std::move(older), *std::move(newer)};
}

std::string FormatConsistencyFile(const v1::CheckpointConsistency& proof) {
  return absl::StrCat(AbslView(kConsistencyMagic), proof.SerializeAsString());
}

absl::StatusOr<CheckedConsistency> VerifyConsistencyFile(std::string_view file,
                                                         const FoundingAct& act) {
  const auto fault = [](std::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("file: ", AbslView(what)));
  };
  if (!file.starts_with(kConsistencyMagic)) {
    return fault("it does not begin with \"assent consistency v1\"");
  }
  if (file.size() > kConsistencyBytesMax) {
    return fault(absl::StrCat("it has more than ", kConsistencyBytesMax, " bytes"));
  }
  v1::CheckpointConsistency proof;
  const absl::Status parsed = ParseStrict(file.substr(kConsistencyMagic.size()), proof);
  if (!parsed.ok()) return fault(StdView(parsed.message()));
  return CheckConsistency(proof, act);
}

}  // namespace assent::client
