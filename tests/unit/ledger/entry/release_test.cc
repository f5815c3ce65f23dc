#include "ledger/entry/release.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "assent/v1/entry.pb.h"
#include "ledger/entry/strict.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::HashNamed;
using sample::KeyNamed;

EntryHeader SomeHeader() {
  EntryHeader header;
  header.ledger_id = *LedgerId::From(HashNamed("ledger").view());
  header.author = *MemberCode::From("FRA");
  header.sequence = Sequence(258);
  header.not_after = Time{1};
  return header;
}

v1::Body SomeBody() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(300);
  body.mutable_withdrawal()->set_target(5);
  body.mutable_withdrawal()->set_reason("filed by mistake");
  return body;
}

// Released by the key of this name.
v1::Body Released(v1::Body body, const std::string& key) {
  const std::string statement = ReleaseStatement(SomeHeader(), body.SerializeAsString());
  v1::Release& release = *body.mutable_release();
  release.set_name("Head");
  release.set_public_key(KeyNamed(key).public_key().str());
  release.set_signature(KeyNamed(key).Sign(tag::kRelease, statement).str());
  return body;
}

bool IsGood(const EntryHeader& header, const v1::Body& body) {
  return VerifyRelease(header, body.SerializeAsString(), body.release().public_key(),
                       body.release().signature());
}

TEST(Release, IsTheLastOfABody) {
  const std::string body = SomeBody().SerializeAsString();
  const std::string released = Released(SomeBody(), "head").SerializeAsString();
  EXPECT_EQ(ReleasedPart(released), body);
  EXPECT_EQ(ReleasedPart(body), body);
  EXPECT_EQ(released.substr(body.size(), 2), "\xfa\x7f");  // field 2047, bytes
  v1::Body message;
  EXPECT_TRUE(ParseStrict(released, message).ok());
  EXPECT_FALSE(ParseStrict(released.substr(body.size()) + body, message).ok());
}

TEST(Release, OfWhatIsNoBodyIsOfAllOfIt) {
  for (const std::string_view bytes : {"", "\x08", "\x0d\x01", "body", "\x82\x01\x7f"}) {
    EXPECT_EQ(ReleasedPart(bytes), bytes);
  }
}

// To the byte, as docs/formats.md has it.
TEST(Release, SignsLedgerAuthorSequenceTimeAndBody) {
  const v1::Body body = Released(SomeBody(), "head");
  const std::string signed_bytes =
      std::string("assent/release/v1\0", 18) + HashNamed("ledger").str() + "\x03" + "FRA" +
      std::string("\0\0\0\0\0\0\1\2", 8) + std::string("\0\0\0\0\0\0\0\1", 8) +
      SomeBody().SerializeAsString();
  EXPECT_TRUE(VerifyRaw(KeyNamed("head").public_key(), signed_bytes,
                        *Signature::From(body.release().signature())));
  EXPECT_TRUE(IsGood(SomeHeader(), body));
}

TEST(Release, IsGoodForThisEntryAlone) {
  const v1::Body good = Released(SomeBody(), "head");
  EntryHeader header = SomeHeader();
  header.ledger_id = LedgerId();
  EXPECT_FALSE(IsGood(header, good));
  header = SomeHeader();
  header.author = *MemberCode::From("NOR");
  EXPECT_FALSE(IsGood(header, good));
  header = SomeHeader();
  header.sequence = header.sequence.next();
  EXPECT_FALSE(IsGood(header, good));
  header = SomeHeader();
  header.not_after = Time{2};
  EXPECT_FALSE(IsGood(header, good));
  v1::Body other = good;
  other.mutable_withdrawal()->set_target(6);
  EXPECT_FALSE(IsGood(SomeHeader(), other));
}

TEST(Release, NeedsAKeyAndASignatureOfTheirSizes) {
  const v1::Body good = Released(SomeBody(), "head");
  const auto refuses = [](v1::Body body) { EXPECT_FALSE(IsGood(SomeHeader(), body)); };
  v1::Body bad = good;
  bad.mutable_release()->clear_signature();
  refuses(bad);
  bad = good;
  bad.mutable_release()->mutable_signature()->push_back('x');
  refuses(bad);
  bad = good;
  bad.mutable_release()->set_public_key("x");
  refuses(bad);
  bad = good;
  bad.mutable_release()->set_public_key(KeyNamed("other").public_key().str());
  refuses(bad);
}

}  // namespace
}  // namespace assent
