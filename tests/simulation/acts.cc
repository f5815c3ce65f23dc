#include "tests/simulation/acts.h"

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/key_role.h"
#include "ledger/membership/voting_proof.h"
#include "tests/support/test_ledger.h"

namespace assent::simulation {
namespace {

v1::Body NewBody(v1::Visibility visibility) {
  v1::Body body;
  body.set_visibility(visibility);
  body.set_issued_at_us(testing::kFounded.us);
  return body;
}

}  // namespace

v1::Body NoteBody(const LedgerId& ledger, Identity& joining, std::size_t authority,
                  std::size_t reader) {
  v1::SubscriptionStatement said;
  said.set_ledger_id(ledger.str());
  said.set_code(joining.code().str());
  said.set_name(absl::StrCat("State of ", joining.code().str()));
  said.set_authority_key(joining.authority(authority).public_key().str());
  said.set_reader_key(joining.reader(reader).public_key().str());
  said.set_reader_possession(
      SignPossession(ledger, joining.code(), KeyRole::kReader, joining.reader(reader)).str());
  said.set_contact("Ministry of Foreign Affairs");
  v1::Body body = NewBody(v1::PUBLIC);
  v1::SubscriptionNote& note = *body.mutable_subscription_note();
  note.set_statement(said.SerializeAsString());
  note.set_signature(joining.authority(authority).Sign(tag::kSubscription, note.statement()).str());
  return body;
}

v1::Body EndorsementBody(std::uint64_t question) {
  v1::Body body = NewBody(v1::PUBLIC);
  body.mutable_endorsement()->set_question(question);
  return body;
}

v1::Body LeavingBody() {
  v1::Body body = NewBody(v1::PUBLIC);
  body.mutable_membership_withdrawal()->set_reason("We leave.");
  return body;
}

v1::Body NodeKeysBody(const LedgerId& ledger, Identity& owner, std::size_t generation) {
  const NodeKeys& keys = owner.node(generation);
  const auto prove = [&](KeyRole role, const SigningKey& key) {
    return SignPossession(ledger, owner.code(), role, key).str();
  };
  v1::Body body = NewBody(v1::PUBLIC);
  v1::NodeKeys& said = *body.mutable_node_keys();
  said.set_vote_key(keys.vote.public_key().str());
  said.set_checkpoint_key(keys.checkpoint.public_key().str());
  said.set_transport_key(keys.transport.public_key().str());
  said.set_vote_possession(prove(KeyRole::kVote, keys.vote));
  said.set_checkpoint_possession(prove(KeyRole::kCheckpoint, keys.checkpoint));
  said.set_transport_possession(prove(KeyRole::kTransport, keys.transport));
  said.set_peer_endpoint("node.example:7401");
  return body;
}

v1::Body StepInBody(const LedgerId& ledger, const SigningKey& vote_key, Height height,
                    const Hash& block) {
  v1::Body body = NewBody(v1::PUBLIC);
  body.mutable_voting_status()->set_votes(true);
  v1::VotingProof& proof = *body.mutable_voting_status()->mutable_proof();
  proof.set_height(height.value());
  proof.set_block_hash(block.str());
  proof.set_signature(SignVotingProof(ledger, height, block, vote_key).str());
  return body;
}

v1::Body StepBackBody() {
  v1::Body body = NewBody(v1::PUBLIC);
  body.mutable_voting_status()->set_votes(false);
  return body;
}

v1::Body SuspensionBody(const MemberCode& member) {
  v1::Body body = NewBody(v1::PUBLIC);
  body.mutable_vote_suspension()->set_member(member.str());
  body.mutable_vote_suspension()->set_reason("It has been silent for long.");
  return body;
}

v1::Body AuthorityRotationBody(const LedgerId& ledger, Identity& owner, std::size_t generation) {
  const SigningKey& key = owner.authority(generation);
  v1::Body body = NewBody(v1::PUBLIC);
  v1::AuthorityKeyRotation& said = *body.mutable_authority_key_rotation();
  said.set_new_key(key.public_key().str());
  said.set_possession(SignPossession(ledger, owner.code(), KeyRole::kAuthority, key).str());
  return body;
}

v1::Body AccreditationBody(std::uint64_t inspector, Time until, v1::Visibility visibility) {
  v1::Body body = NewBody(visibility);
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  const SigningKey key(*SecretSeed::From(Sha256(absl::StrCat("inspector ", inspector)).view()));
  said.set_public_key(key.public_key().str());
  said.set_name(absl::StrCat("Inspector ", inspector));
  said.set_from_us(testing::kFounded.us);
  said.set_until_us(until.us);
  return body;
}

v1::Body AccreditationEndBody(std::uint64_t accreditation, v1::Visibility visibility) {
  v1::Body body = NewBody(visibility);
  body.mutable_inspector_accreditation_end()->set_accreditation(accreditation);
  body.mutable_inspector_accreditation_end()->set_reason("The inspection is over.");
  return body;
}

v1::Body DraftBody(std::uint32_t replaces, std::string text) {
  v1::Body body = NewBody(v1::MEMBERS);
  body.mutable_revision_draft()->set_replaces(replaces);
  body.mutable_revision_draft()->set_title("A draft");
  body.mutable_revision_draft()->set_text(std::move(text));
  return body;
}

v1::Body RoundBody(std::uint32_t replaces, std::string text, const v1::RevisionChanges& changes) {
  v1::Body body = NewBody(v1::MEMBERS);
  body.mutable_revision_open()->set_replaces(replaces);
  body.mutable_revision_open()->set_title("Another text");
  body.mutable_revision_open()->set_text(std::move(text));
  if (changes.ByteSizeLong() > 0) *body.mutable_revision_open()->mutable_changes() = changes;
  return body;
}

v1::Body SignatureBody(std::uint64_t round, const Hash& text, std::uint32_t replaces,
                       std::uint64_t membership) {
  v1::Body body = NewBody(v1::MEMBERS);
  v1::RevisionSign& said = *body.mutable_revision_sign();
  said.set_round(round);
  said.set_text_hash(text.str());
  said.set_replaces(replaces);
  said.set_membership(membership);
  return body;
}

v1::Body ObjectionBody(std::uint64_t round) {
  v1::Body body = NewBody(v1::MEMBERS);
  body.mutable_revision_object()->set_round(round);
  body.mutable_revision_object()->set_reason("Not so.");
  return body;
}

v1::Body RetractionBody(std::uint64_t round) {
  v1::Body body = NewBody(v1::MEMBERS);
  body.mutable_revision_withdraw()->set_round(round);
  body.mutable_revision_withdraw()->set_reason("Another text is better.");
  return body;
}

}  // namespace assent::simulation
