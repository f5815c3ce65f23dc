// Proof that a voter broke the protocol: two statements that no correct node signs both.
#ifndef ASSENT_NODE_CONSENSUS_EVIDENCE_H_
#define ASSENT_NODE_CONSENSUS_EVIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

struct Evidence {
  enum class Kind : std::uint8_t {
    kVotes = 1,      // two conflicting votes
    kProposals = 2,  // two proposals for one view: statements of kind notarize name the blocks, the
                     // signatures are the leader's over the proposal statement
  };
  Kind kind = Kind::kVotes;
  Vote first;
  Vote second;  // same voter, epoch and view
  bool operator==(const Evidence&) const = default;
};

// Kept at most of one voter: so many pairs of votes, each of another view, and so many of
// proposals.
inline constexpr std::size_t kEvidencePerVoterMax = 16;

// True when no correct voter casts both: the same kind for two blocks, skip and finalize, or
// finalize of a block and notarize of another. Skip and notarize go together.
bool Conflict(const Statement& a, const Statement& b);

// Stored form: u8 kind || u64 epoch || u64 view || u64 voter || twice u8 vote kind || block hash ||
// signature.
std::string EncodeEvidence(const Evidence& evidence);
absl::StatusOr<Evidence> ParseEvidence(std::string_view bytes);

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_EVIDENCE_H_
