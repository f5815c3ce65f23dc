#include "tests/support/releases.h"

#include "ledger/entry/release.h"
#include "ledger/membership/key_role.h"

namespace assent::testing {

v1::Body NamingReleaser(const TestLedger& ledger, std::string_view code, const std::string& name,
                        const SigningKey& key) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(kFounded.us);
  v1::Releaser& releaser = *body.mutable_releasers()->add_releasers();
  releaser.set_name(name);
  releaser.set_public_key(key.public_key().str());
  const MemberCode owner = *MemberCode::From(code);
  releaser.set_possession(SignPossession(ledger.id(), owner, KeyRole::kReleaser, key).str());
  return body;
}

v1::Body Released(const TestLedger& ledger, std::string_view author, std::uint64_t sequence,
                  const std::string& name, const SigningKey& key, v1::Body body) {
  const AuthorHead before{Sequence(sequence - 1), Hash()};
  const Entry unreleased = MakeEntry(ledger, ledger.state(author), before, body);
  const std::string statement = ReleaseStatement(unreleased.header(), unreleased.body());
  body.mutable_release()->set_name(name);
  body.mutable_release()->set_public_key(key.public_key().str());
  body.mutable_release()->set_signature(key.Sign(tag::kRelease, statement).str());
  return body;
}

}  // namespace assent::testing
