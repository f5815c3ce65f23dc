// VotingStatus: a member's node votes from the next block on, or no longer. Nobody else can make it
// vote, and it votes only once it has shown that it runs and has caught up.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/membership/voting_proof.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace voting_status {

constexpr Rule kVotesMissing{"VOTES_MISSING", "It says whether the node votes."};
constexpr Rule kVotesUnchanged{"VOTES_UNCHANGED", "It changes whether the node votes."};
constexpr Rule kNodeKeysMissing{"NODE_KEYS_MISSING", "A node that is to vote has named its keys."};
constexpr Rule kProofMissing{"PROOF_MISSING", "For a node that is to vote there is a proof."};
constexpr Rule kProofUnexpected{"PROOF_UNEXPECTED", "For one that stops there is none."};
constexpr Rule kBlockNotRecent{"BLOCK_NOT_RECENT",
                               "The proof names one of the 16,384 newest blocks, with its hash."};
constexpr Rule kProofInvalid{"PROOF_INVALID", "The proof is signed by the node's vote key."};

constexpr std::array kRules{kNotPublic,       kVotesMissing, kVotesUnchanged,
                            kNodeKeysMissing, kProofMissing, kProofUnexpected,
                            kBlockNotRecent,  kProofInvalid, kLastVoter};

// Every member's node may vote: nothing has to be refused for the number of voters.
static_assert(kMembersMax <= kVotersMax);

std::optional<Refusal> RefuseBadProof(const Filing& filing, const v1::VotingProof& proof) {
  const Height height(proof.height());
  const auto recent =
      Load<v1::RecentBlockState>(filing.state, RecentBlockKey(height.value() % kRecentBlocks));
  const auto hash = Hash::From(proof.block_hash());
  if (!proof.has_height() || !hash || !recent || recent->height() != height.value() ||
      recent->hash() != proof.block_hash()) {
    return Refuse(kBlockNotRecent, "proof",
                  absl::StrCat("the block of height ", height.value(), " with hash ",
                               ToHex(proof.block_hash()), " is none of the ", kRecentBlocks,
                               " newest of this ledger: let the node catch up, and sign anew"));
  }
  const auto ledger = DecodeFixed<LedgerId>(kLedgerKey, filing.ledger.ledger_id());
  const auto vote_key = DecodeFixed<PublicKey>(MemberKey(filing.author), filing.member.vote_key());
  const auto signature = Signature::From(proof.signature());
  if (!signature || !VerifyVotingProof(ledger, height, *hash, vote_key, *signature)) {
    return Refuse(kProofInvalid, "proof",
                  absl::StrCat("the proof is not signed by the vote key of ", filing.author.str(),
                               " in force, ", vote_key.hex(), ": have its node make it"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseToVote(const Filing& filing, const v1::VotingStatus& said) {
  if (filing.member.vote_key().empty()) {
    return Refuse(
        kNodeKeysMissing, filing.author.str(),
        absl::StrCat(filing.author.str(), " has named no node keys: file its NodeKeys first"));
  }
  if (!said.has_proof()) {
    return Refuse(kProofMissing, "proof",
                  "the proof that the node has caught up is missing: have the node make it");
  }
  return RefuseBadProof(filing, said.proof());
}

std::optional<Refusal> RefuseToStop(const Filing& filing, const v1::VotingStatus& said) {
  if (said.has_proof()) {
    return Refuse(kProofUnexpected, "proof",
                  "a node that stops voting proves nothing: leave the proof out");
  }
  return RefuseLastVoter(filing, filing.author, "votes");
}

std::optional<Refusal> ApplyStatus(const Filing& filing) {
  const v1::VotingStatus& said = filing.body.voting_status();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (!said.has_votes()) {
    return Refuse(kVotesMissing, "votes", "whether the node votes is missing: true or false");
  }
  if (said.votes() == filing.member.votes()) {
    return Refuse(kVotesUnchanged, "votes",
                  absl::StrCat("the node of ", filing.author.str(),
                               said.votes() ? " votes already" : " does not vote already"));
  }
  if (auto refusal = said.votes() ? RefuseToVote(filing, said) : RefuseToStop(filing, said)) {
    return refusal;
  }
  v1::MemberState member = filing.member;
  member.set_votes(said.votes());
  SaveMember(filing.state, filing.author, member, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace voting_status

extern const RecordHandler kVotingStatus;
constinit const RecordHandler kVotingStatus{
    .name = "VotingStatus",
    .field = v1::Body::kVotingStatus,
    .rules = voting_status::kRules,
    .apply = voting_status::ApplyStatus,
    .membership = true,
};

}  // namespace assent::rules
