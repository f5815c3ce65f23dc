#include "tests/unit/ledger/rules/membership_bodies.h"

#include <string>

#include "ledger/crypto/hash.h"
#include "ledger/entry/release.h"
#include "ledger/membership/key_role.h"
#include "ledger/membership/voting_proof.h"

namespace assent::rules {
namespace {

v1::Body NewPublicBody() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(At("2026-01-01T00:00:00Z").us);
  return body;
}

LedgerId Ledger() { return TestLedger().act().ledger_id; }

std::string Join(std::string_view name, std::string_view use) {
  return std::string(name) + "/" + std::string(use);
}

std::string PublicKeyOf(std::string_view key) { return TestKey(key).public_key().str(); }

std::string Possession(std::string_view code, KeyRole role, std::string_view key) {
  return SignPossession(Ledger(), Code(code), role, TestKey(key)).str();
}

}  // namespace

v1::Body EndorsementOf(EntryIndex question) {
  v1::Body body = NewPublicBody();
  body.mutable_endorsement()->set_question(question.value());
  return body;
}

v1::Body Inviting(std::string_view code) {
  v1::Body body = NewPublicBody();
  body.mutable_subscription_invitation()->set_code(std::string(code));
  body.mutable_subscription_invitation()->set_name("State " + std::string(code));
  return body;
}

v1::Body DeclineOf(std::string_view code) {
  v1::Body body = NewPublicBody();
  body.mutable_subscription_decline()->set_code(std::string(code));
  body.mutable_subscription_decline()->set_answer("Not now.");
  return body;
}

v1::SubscriptionStatement StatementOf(std::string_view code, std::string_view name) {
  v1::SubscriptionStatement said;
  said.set_ledger_id(Ledger().str());
  said.set_code(std::string(code));
  said.set_name("State " + std::string(code));
  said.set_authority_key(PublicKeyOf(Join(name, "authority")));
  said.set_reader_key(PublicKeyOf(Join(name, "reader")));
  said.set_reader_possession(Possession(code, KeyRole::kReader, Join(name, "reader")));
  said.set_contact("Ministry of Foreign Affairs");
  return said;
}

v1::Body NoteOf(const v1::SubscriptionStatement& said, std::string_view name) {
  v1::Body body = NewPublicBody();
  v1::SubscriptionNote& note = *body.mutable_subscription_note();
  note.set_statement(said.SerializeAsString());
  note.set_signature(
      TestKey(Join(name, "authority")).Sign(tag::kSubscription, note.statement()).str());
  return body;
}

v1::Body NoteOf(std::string_view code) { return NoteOf(StatementOf(code, code), code); }

v1::Body Leaving() {
  v1::Body body = NewPublicBody();
  body.mutable_membership_withdrawal()->set_reason("We leave.");
  return body;
}

v1::Body NodeKeysOf(std::string_view code, std::string_view name) {
  v1::Body body = NewPublicBody();
  v1::NodeKeys& said = *body.mutable_node_keys();
  said.set_vote_key(PublicKeyOf(Join(name, "vote")));
  said.set_checkpoint_key(PublicKeyOf(Join(name, "checkpoint")));
  said.set_transport_key(PublicKeyOf(Join(name, "transport")));
  said.set_vote_possession(Possession(code, KeyRole::kVote, Join(name, "vote")));
  said.set_checkpoint_possession(Possession(code, KeyRole::kCheckpoint, Join(name, "checkpoint")));
  said.set_transport_possession(Possession(code, KeyRole::kTransport, Join(name, "transport")));
  said.set_peer_endpoint("new.example:7401");
  return body;
}

v1::Body VotingFrom(const TestLedger& ledger, std::string_view name) {
  v1::Body body = NewPublicBody();
  body.mutable_voting_status()->set_votes(true);
  v1::VotingProof& proof = *body.mutable_voting_status()->mutable_proof();
  const Height height = ledger.height();
  const Hash hash = TestLedger::BlockHashAt(height);
  proof.set_height(height.value());
  proof.set_block_hash(hash.str());
  proof.set_signature(SignVotingProof(Ledger(), height, hash, TestKey(Join(name, "vote"))).str());
  return body;
}

v1::Body StepBack() {
  v1::Body body = NewPublicBody();
  body.mutable_voting_status()->set_votes(false);
  return body;
}

v1::Body SuspensionOf(std::string_view member) {
  v1::Body body = NewPublicBody();
  body.mutable_vote_suspension()->set_member(std::string(member));
  body.mutable_vote_suspension()->set_reason("It has been silent for a week.");
  return body;
}

v1::Body RotationTo(std::string_view code, std::string_view key) {
  v1::Body body = NewPublicBody();
  v1::AuthorityKeyRotation& said = *body.mutable_authority_key_rotation();
  said.set_new_key(PublicKeyOf(key));
  said.set_possession(Possession(code, KeyRole::kAuthority, key));
  return body;
}

v1::Body Revoking() {
  v1::Body body = NewPublicBody();
  body.mutable_authority_key_revocation()->set_reason("The safe was broken open.");
  return body;
}

v1::Body ReplacementOf(std::string_view member, std::string_view key) {
  v1::Body body = NewPublicBody();
  v1::AuthorityKeyReplacement& said = *body.mutable_authority_key_replacement();
  said.set_member(std::string(member));
  said.set_new_key(PublicKeyOf(key));
  said.set_possession(Possession(member, KeyRole::kAuthority, key));
  said.set_reason("The safe burned down.");
  return body;
}

v1::Body RefusingReplacement() {
  v1::Body body = NewPublicBody();
  body.mutable_key_replacement_refusal()->set_reason("We have our key.");
  return body;
}

v1::Body NewContact() {
  v1::Body body = NewPublicBody();
  body.mutable_contact_update()->set_contact("Department of Disarmament");
  return body;
}

v1::Body NewReaderKey(std::string_view code, std::string_view key) {
  v1::Body body = NewPublicBody();
  body.mutable_contact_update()->set_reader_key(PublicKeyOf(key));
  body.mutable_contact_update()->set_reader_possession(Possession(code, KeyRole::kReader, key));
  return body;
}

v1::Body TermOf(std::string_view chair, Time from, Time until) {
  v1::Body body = NewPublicBody();
  body.mutable_chair_term()->set_chair(std::string(chair));
  body.mutable_chair_term()->set_from_us(from.us);
  body.mutable_chair_term()->set_until_us(until.us);
  return body;
}

v1::Body TermOf(std::string_view chair, std::string_view from, std::string_view until) {
  return TermOf(chair, At(from), At(until));
}

v1::Body NamingReleasers(std::string_view code, const std::vector<std::string>& names) {
  v1::Body body = NewPublicBody();
  body.mutable_releasers();
  for (const std::string& name : names) {
    v1::Releaser& releaser = *body.mutable_releasers()->add_releasers();
    releaser.set_name(name);
    releaser.set_public_key(PublicKeyOf(Join(code, name)));
    releaser.set_possession(Possession(code, KeyRole::kReleaser, Join(code, name)));
  }
  return body;
}

v1::Body ReleasedBy(const TestLedger& ledger, std::string_view author, std::string_view name,
                    v1::Body body) {
  const std::string key = Join(author, name);
  const std::string statement =
      ReleaseStatement(ledger.NextHeader(author), body.SerializeAsString());
  v1::Release& release = *body.mutable_release();
  release.set_name(std::string(name));
  release.set_public_key(PublicKeyOf(key));
  release.set_signature(TestKey(key).Sign(tag::kRelease, statement).str());
  return body;
}

EntryIndex Decide(TestLedger& ledger, const v1::Body& body) {
  const EntryIndex question = ledger.MustFile("FRA", body);
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("NOR", EndorsementOf(question));
  return question;
}

void Wait(TestLedger& ledger, Duration time) {
  for (Duration passed; passed < time; passed.us += kLongestStep.us) {
    ledger.Pass(kLongestStep);
    ledger.PutEmptyBlock();
  }
}

void ReplaceKeyOfFra(TestLedger& ledger) {
  const EntryIndex question = ledger.MustFile("NOR", ReplacementOf("FRA", "FRA/second"));
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("FRA", EndorsementOf(question));
  Wait(ledger, Days(30));
  ledger.SignWith("FRA", "FRA/second");
}

void Subscribe(TestLedger& ledger, std::string_view code) {
  Decide(ledger, NoteOf(code));
  ledger.SignWith(code, Join(code, "authority"));
}

}  // namespace assent::rules
