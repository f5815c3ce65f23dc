#include "client/checkpoint_check.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "ledger/receipt/epoch_walk.h"

namespace assent::client {
namespace {

// Key ids of an act are distinct (CheckAct).
const Voter* FindByKeyId(const VoterSet& voters, std::string_view origin, std::uint32_t key_id) {
  for (const Voter& voter : voters.voters()) {
    if (NoteKeyId(origin, voter.checkpoint_key) == key_id) return &voter;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<CheckedNote> CheckNote(std::string_view note, std::string_view origin,
                                      const VoterSet& voters) {
  auto parsed = ParseNote(note);
  if (!parsed.ok()) return Prefixed("checkpoint", parsed.status());
  if (parsed->checkpoint.origin != origin) {
    return absl::InvalidArgumentError(absl::StrCat(
        "checkpoint: it is of ", parsed->checkpoint.origin, ", not of ", AbslView(origin)));
  }
  std::set<MemberCode> signers;
  for (const NoteSignature& line : parsed->signatures) {
    const Voter* voter = FindByKeyId(voters, origin, line.key_id);
    if (voter == nullptr) continue;
    if (!VerifyCheckpoint(parsed->checkpoint, voter->checkpoint_key, line.signature)) {
      return absl::InvalidArgumentError(
          absl::StrCat("checkpoint: the signature of ", voter->code.str(), " is not good"));
    }
    signers.insert(voter->code);
  }
  if (signers.size() < voters.quorum()) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint: ", signers.size(), " of ",
                                                   voters.size(), " voters have signed, ",
                                                   voters.quorum(), " are needed"));
  }
  return CheckedNote{std::move(parsed->checkpoint), {signers.begin(), signers.end()}};
}

absl::StatusOr<CheckedNote> CheckCheckpoint(const v1::Checkpoint& answer, const FoundingAct& act) {
  const auto epoch = WalkEpochs(answer.epochs(), act);
  if (!epoch.ok()) return Prefixed("checkpoint: voters", epoch.status());
  return CheckNote(answer.note(), act.text.origin, epoch->voters);
}

}  // namespace assent::client
