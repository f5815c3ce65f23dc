#include "tests/support/key_bodies.h"

#include <string>

#include "assent/v1/membership.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/key_role.h"

namespace assent::testing {
namespace {

v1::Body PublicBody() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(kFounded.us);
  return body;
}

std::string PossessionOf(const TestLedger& ledger, std::string_view code, const SigningKey& key) {
  return SignPossession(ledger.id(), MemberCode::From(code).value(), KeyRole::kAuthority, key)
      .str();
}

}  // namespace

SigningKey KeyNamed(std::string_view name) {
  return SigningKey(*SecretSeed::From(Sha256({"key named ", name}).view()));
}

v1::Body RotationBody(const TestLedger& ledger, std::string_view code, std::string_view key) {
  const SigningKey fresh = KeyNamed(key);
  v1::Body body = PublicBody();
  body.mutable_authority_key_rotation()->set_new_key(fresh.public_key().str());
  body.mutable_authority_key_rotation()->set_possession(PossessionOf(ledger, code, fresh));
  return body;
}

v1::Body ReplacementBody(const TestLedger& ledger, std::string_view code, std::string_view key) {
  const SigningKey fresh = KeyNamed(key);
  v1::Body body = PublicBody();
  v1::AuthorityKeyReplacement& said = *body.mutable_authority_key_replacement();
  said.set_member(std::string(code));
  said.set_new_key(fresh.public_key().str());
  said.set_possession(PossessionOf(ledger, code, fresh));
  said.set_reason("The key was lost.");
  return body;
}

v1::Body EndorsementBody(EntryIndex question) {
  v1::Body body = PublicBody();
  body.mutable_endorsement()->set_question(question.value());
  return body;
}

}  // namespace assent::testing
