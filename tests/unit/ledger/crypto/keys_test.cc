#include "ledger/crypto/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace assent {
namespace {

SecretSeed SeedFromHex(std::string_view hex) { return *SecretSeed::From(*FromHex(hex)); }

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1, TEST 1 to 3.
const Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(SigningKey, HasTheVectorsOfRfc8032) {
  for (const Vector& vector : kVectors) {
    const SigningKey key(SeedFromHex(vector.seed));
    const std::string message = *FromHex(vector.message);
    EXPECT_EQ(key.public_key().hex(), vector.public_key);
    EXPECT_EQ(key.SignRaw(message).hex(), vector.signature);
    EXPECT_TRUE(VerifyRaw(key.public_key(), message, key.SignRaw(message)));
  }
}

TEST(SigningKey, SignsTagZeroByteAndStatement) {
  const SigningKey key(SeedFromHex(kVectors[0].seed));
  const Signature signature = key.Sign("tag", "statement");
  EXPECT_EQ(signature, key.SignRaw(std::string("tag\0statement", 13)));
  EXPECT_TRUE(Verify(key.public_key(), "tag", "statement", signature));
  EXPECT_FALSE(Verify(key.public_key(), "tagstatement", "", signature));
  EXPECT_FALSE(Verify(key.public_key(), "tag2", "statement", signature));
  EXPECT_FALSE(VerifyRaw(key.public_key(), "tagstatement", signature));
}

TEST(Verify, RefusesEveryFlippedBit) {
  const SigningKey key(SeedFromHex(kVectors[1].seed));
  const Signature good = key.Sign("tag", "statement");
  for (std::size_t bit = 0; bit < 8 * Signature::kSize; ++bit) {
    Signature bad = good;
    bad.data()[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(Verify(key.public_key(), "tag", "statement", bad)) << "bit " << bit;
  }
  for (std::size_t bit = 0; bit < 8 * PublicKey::kSize; ++bit) {
    PublicKey bad = key.public_key();
    bad.data()[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(Verify(bad, "tag", "statement", good)) << "bit " << bit;
  }
}

// With a key of small order, and R the same point, one signature would fit any message.
TEST(Verify, RefusesKeysOfSmallOrder) {
  PublicKey neutral;
  neutral.data()[0] = 1;
  Signature signature;
  signature.data()[0] = 1;
  EXPECT_FALSE(VerifyRaw(neutral, "any message", signature));
  EXPECT_FALSE(VerifyRaw(PublicKey(), "any message", Signature()));
}

// S + L would verify as well if it were not refused: a second form of the same signature.
TEST(Verify, RefusesASecondFormOfASignature) {
  const SigningKey key(SeedFromHex(kVectors[0].seed));
  Signature signature = key.SignRaw("message");
  const std::string order =
      *FromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = signature.data()[32 + i] + static_cast<unsigned char>(order[i]) + carry;
    signature.data()[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(VerifyRaw(key.public_key(), "message", signature));
}

TEST(Keys, CanBeMoved) {
  SecretSeed seed = SeedFromHex(kVectors[0].seed);
  const std::string bytes(seed.view());
  SecretSeed moved = std::move(seed);
  EXPECT_EQ(moved.view(), bytes);
  SigningKey key(moved);
  SigningKey other(SecretSeed::Random());
  other = std::move(key);
  EXPECT_EQ(other.public_key().hex(), kVectors[0].public_key);
  EXPECT_TRUE(VerifyRaw(other.public_key(), "m", other.SignRaw("m")));
}

TEST(SecretSeed, IsThirtyTwoBytesAndNotTheSameTwice) {
  EXPECT_FALSE(SecretSeed::From(std::string(31, 'x')));
  EXPECT_FALSE(SecretSeed::From(std::string(33, 'x')));
  EXPECT_NE(SecretSeed::Random().view(), SecretSeed::Random().view());
}

// Fixed for ever: a node that derived other keys would no longer be the member it was.
TEST(DeriveNodeKeys, GivesTheSameThreeKeysForEver) {
  const NodeKeys keys = DeriveNodeKeys(*SecretSeed::From(std::string(32, 'n')));
  EXPECT_EQ(keys.vote.public_key().hex(),
            "741fea26a98ee84f59a7acaacf2b90b9827b89a305413faf7baf397ecaa684c0");
  EXPECT_EQ(keys.checkpoint.public_key().hex(),
            "85c4403c292321d56f05705bc10ab48f0fefe012256c5955fb6ae93d24ae7066");
  EXPECT_EQ(keys.transport.public_key().hex(),
            "7a470fa2260fddd319c27177bd4fb14850a3191eccfe18ab762b4e95a82ad508");
  EXPECT_EQ(SigningKey(keys.transport_seed).public_key(), keys.transport.public_key());
}

TEST(Tags, AreAllDifferent) {
  const std::set<std::string_view> tags{tag::kEntry,     tag::kNotarize, tag::kSkip,
                                        tag::kFinalize,  tag::kProposal, tag::kAct,
                                        tag::kPossession};
  EXPECT_EQ(tags.size(), 7u);
}

}  // namespace
}  // namespace assent
