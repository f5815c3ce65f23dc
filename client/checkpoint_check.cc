#include "client/checkpoint_check.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "ledger/receipt/epoch_walk.h"

namespace assent::client {

absl::StatusOr<CheckedNote> CheckNote(std::string_view note, std::string_view origin,
                                      const VoterSet& voters) {
  auto parsed = ParseNote(note);
  if (!parsed.ok()) return Prefixed("checkpoint", parsed.status());
  if (parsed->checkpoint.origin != origin) {
    return absl::InvalidArgumentError(absl::StrCat(
        "checkpoint: it is of ", parsed->checkpoint.origin, ", not of ", AbslView(origin)));
  }
  std::map<std::uint32_t, const Signature*> lines;  // ParseNote takes a key id once
  for (const NoteSignature& line : parsed->signatures) lines[line.key_id] = &line.signature;
  std::vector<MemberCode> signers;
  for (const Voter& voter : voters.voters()) {
    const auto line = lines.find(NoteKeyId(origin, voter.checkpoint_key));
    if (line == lines.end()) continue;
    if (!VerifyCheckpoint(parsed->checkpoint, voter.checkpoint_key, *line->second)) {
      return absl::InvalidArgumentError(
          absl::StrCat("checkpoint: the signature of ", voter.code.str(), " is not good"));
    }
    signers.push_back(voter.code);
  }
  if (signers.size() < voters.quorum()) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint: ", signers.size(), " of ",
                                                   voters.size(), " voters have signed, ",
                                                   voters.quorum(), " are needed"));
  }
  return CheckedNote{std::move(parsed->checkpoint), std::move(signers)};
}

absl::StatusOr<CheckedNote> CheckCheckpoint(const v1::Checkpoint& answer, const FoundingAct& act) {
  const auto epoch = WalkEpochs(answer.epochs(), act);
  if (!epoch.ok()) return Prefixed("checkpoint: voters", epoch.status());
  return CheckNote(answer.note(), act.text.origin, epoch->voters);
}

}  // namespace assent::client
