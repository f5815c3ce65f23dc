#include "ledger/entry/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::HashNamed;
using sample::KeyNamed;
using sample::WithBitFlipped;
using ::testing::HasSubstr;

const Salt kSalt = *Salt::From(std::string(32, 's'));

EntryHeader SomeHeader() {
  EntryHeader header;
  header.ledger_id = *LedgerId::From(HashNamed("ledger").view());
  header.author = *MemberCode::From("FRA");
  header.sequence = Sequence(1);
  header.not_after = FromCivil({2026, 3, 31});
  return header;
}

Entry SomeEntry() { return SignEntry(SomeHeader(), "body", kSalt, KeyNamed("key")).value(); }

RawEntry RawOf(const Entry& entry) {
  return {entry.header_bytes(), entry.signature(), entry.body(), entry.salt()};
}

std::string Refusal(RawEntry raw) {
  return std::string(Entry::Parse(std::move(raw)).status().message());
}

TEST(SignEntry, FillsInKeyIdAndCommitment) {
  const Entry entry = SomeEntry();
  EXPECT_EQ(entry.header().authority_key_id, KeyIdOf(KeyNamed("key").public_key()));
  EXPECT_EQ(entry.header().body_commitment, BodyCommitment(kSalt, "body"));
  EXPECT_TRUE(entry.VerifySignature(KeyNamed("key").public_key()));
  EXPECT_FALSE(entry.VerifySignature(KeyNamed("other").public_key()));
}

TEST(SignEntry, SignsTheHeaderUnderItsTag) {
  const Entry entry = SomeEntry();
  EXPECT_TRUE(VerifyRaw(KeyNamed("key").public_key(),
                        std::string("assent/entry/v1\0", 16) + entry.header_bytes(),
                        entry.signature()));
}

TEST(SignEntry, RefusesAHeaderThatCannotBe) {
  EntryHeader no_author = SomeHeader();
  no_author.author = MemberCode();
  EXPECT_FALSE(SignEntry(no_author, "body", kSalt, KeyNamed("key")).ok());
  EntryHeader no_sequence = SomeHeader();
  no_sequence.sequence = Sequence(0);
  EXPECT_FALSE(SignEntry(no_sequence, "body", kSalt, KeyNamed("key")).ok());
}

TEST(Leaf, IsLengthHeaderAndSignature) {
  const Entry entry = SomeEntry();
  const std::string leaf = LeafData(entry.header_bytes(), entry.signature());
  std::string length;
  AppendU32(length, static_cast<std::uint32_t>(entry.header_bytes().size()));
  EXPECT_EQ(leaf, length + entry.header_bytes() + entry.signature().str());
  EXPECT_EQ(entry.leaf_hash(), MerkleLeafHash(leaf));
}

TEST(Leaf, RoundTrips) {
  const Entry entry = SomeEntry();
  const std::string leaf = LeafData(entry.header_bytes(), entry.signature());
  auto raw = ParseLeafData(leaf);
  ASSERT_TRUE(raw.ok()) << raw.status();
  EXPECT_EQ(raw->header, entry.header_bytes());
  EXPECT_EQ(raw->signature, entry.signature());
  EXPECT_FALSE(raw->body.has_value());
}

TEST(Leaf, RefusesEveryOtherLength) {
  const Entry entry = SomeEntry();
  const std::string leaf = LeafData(entry.header_bytes(), entry.signature());
  for (std::size_t size = 0; size < leaf.size(); ++size) {
    EXPECT_FALSE(ParseLeafData(leaf.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseLeafData(leaf + "x").ok());
  for (std::size_t bit = 0; bit < 32; ++bit) {
    EXPECT_FALSE(ParseLeafData(WithBitFlipped(leaf, bit)).ok()) << "bit " << bit << " of length";
  }
  const std::string too_long(kLeafBytesMax, 'h');
  EXPECT_FALSE(ParseLeafData(LeafData(too_long, entry.signature())).ok());
}

// Nothing of an entry can be altered: it is refused, or it is no longer signed.
TEST(Entry, NoBitCanBeFlipped) {
  const PublicKey key = KeyNamed("key").public_key();
  const RawEntry good = RawOf(SomeEntry());
  const auto holds = [&](RawEntry raw) {
    const auto entry = Entry::Parse(std::move(raw));
    return entry.ok() && entry->VerifySignature(key);
  };
  ASSERT_TRUE(holds(good));
  for (std::size_t bit = 0; bit < 8 * good.header.size(); ++bit) {
    RawEntry raw = good;
    raw.header = WithBitFlipped(raw.header, bit);
    EXPECT_FALSE(holds(raw)) << "header bit " << bit;
  }
  for (std::size_t bit = 0; bit < 8 * Signature::kSize; ++bit) {
    RawEntry raw = good;
    raw.signature = *Signature::From(WithBitFlipped(raw.signature.str(), bit));
    EXPECT_FALSE(holds(raw)) << "signature bit " << bit;
  }
  for (std::size_t bit = 0; bit < 8 * good.body->size(); ++bit) {
    RawEntry raw = good;
    raw.body = WithBitFlipped(*raw.body, bit);
    EXPECT_FALSE(holds(raw)) << "body bit " << bit;
  }
  for (std::size_t bit = 0; bit < 8 * Salt::kSize; ++bit) {
    RawEntry raw = good;
    raw.salt = *Salt::From(WithBitFlipped(raw.salt->str(), bit));
    EXPECT_FALSE(holds(raw)) << "salt bit " << bit;
  }
}

TEST(Entry, HasBodyAndSaltOrNeither) {
  RawEntry raw = RawOf(SomeEntry());
  raw.salt.reset();
  EXPECT_THAT(Refusal(raw), HasSubstr("both body and salt or neither"));
  raw = RawOf(SomeEntry());
  raw.body.reset();
  EXPECT_THAT(Refusal(raw), HasSubstr("both body and salt or neither"));
}

TEST(Entry, WithoutItsBodyIsTheSameEntry) {
  const Entry entry = SomeEntry();
  const Entry bare = entry.WithoutBody();
  EXPECT_TRUE(entry.has_body());
  EXPECT_FALSE(bare.has_body());
  EXPECT_EQ(bare.leaf_hash(), entry.leaf_hash());
  EXPECT_EQ(bare.header_bytes(), entry.header_bytes());
  EXPECT_TRUE(bare.VerifySignature(KeyNamed("key").public_key()));
  EXPECT_EQ(entry.size_bytes(), bare.size_bytes() + 4 + Salt::kSize);
  EXPECT_EQ(bare.size_bytes(), LeafData(bare.header_bytes(), bare.signature()).size());
}

TEST(Entry, BodyHasALimit) {
  const SigningKey key = KeyNamed("key");
  EXPECT_TRUE(SignEntry(SomeHeader(), std::string(kBodyBytesMax, 'b'), kSalt, key).ok());
  const auto too_long = SignEntry(SomeHeader(), std::string(kBodyBytesMax + 1, 'b'), kSalt, key);
  EXPECT_THAT(std::string(too_long.status().message()), HasSubstr("the limit is 65536"));
}

TEST(RandomSalt, IsNotTheSameTwice) { EXPECT_NE(RandomSalt(), RandomSalt()); }

}  // namespace
}  // namespace assent
