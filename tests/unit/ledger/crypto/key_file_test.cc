#include "ledger/crypto/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "ledger/limits.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

// The least that Argon2id allows, so that the tests do not wait.
constexpr SealCost kCheap{1, 8192};

SecretSeed SomeSeed() { return *SecretSeed::From(std::string(32, '7')); }

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(SealedKey, OpensWithItsPassphrase) {
  const std::string file =
      SealKey(KeyPurpose::kAuthority, SomeSeed(), "correct horse", kCheap).value();
  EXPECT_EQ(UnsealKey(file, "correct horse")->view(), SomeSeed().view());
  EXPECT_LE(file.size(), kKeyFileBytesMax);
  EXPECT_EQ(file.find(ToHex(SomeSeed().view())), std::string::npos);
}

TEST(SealedKey, TellsItsPublicKeyWithoutThePassphrase) {
  const std::string file =
      SealKey(KeyPurpose::kAuthority, SomeSeed(), "correct horse", kCheap).value();
  const auto info = DescribeKeyFile(file);
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->purpose, KeyPurpose::kAuthority);
  EXPECT_TRUE(info->sealed);
  EXPECT_EQ(info->public_key, SigningKey(SomeSeed()).public_key());
}

TEST(SealedKey, OfAReleaserSaysSo) {
  const std::string file = SealKey(KeyPurpose::kReleaser, SomeSeed(), "p", kCheap).value();
  EXPECT_EQ(DescribeKeyFile(file)->purpose, KeyPurpose::kReleaser);
  EXPECT_TRUE(DescribeKeyFile(file)->sealed);
  EXPECT_EQ(UnsealKey(file, "p")->view(), SomeSeed().view());
  EXPECT_FALSE(ReadPlainKey(file, KeyPurpose::kReleaser).ok());
}

TEST(KeyPurpose, HasANameOfItsOwn) {
  for (const KeyPurpose purpose : kKeyPurposes) {
    EXPECT_EQ(PurposeNamed(PurposeName(purpose)), purpose);
  }
  EXPECT_EQ(PurposeNamed("king"), std::nullopt);
}

TEST(SealedKey, RefusesAnotherPassphrase) {
  const std::string file =
      SealKey(KeyPurpose::kAuthority, SomeSeed(), "correct horse", kCheap).value();
  for (const char* passphrase : {"", "correct hors", "correct horse ", "Correct horse"}) {
    const auto opened = UnsealKey(file, passphrase);
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kPermissionDenied) << passphrase;
    EXPECT_THAT(Message(opened.status()), HasSubstr("wrong passphrase"));
  }
}

TEST(SealedKey, IsNeverTheSameTwice) {
  EXPECT_NE(SealKey(KeyPurpose::kAuthority, SomeSeed(), "p", kCheap).value(),
            SealKey(KeyPurpose::kAuthority, SomeSeed(), "p", kCheap).value());
}

// The whole file but line ends and letter case counts: whatever is altered, no wrong key comes out.
TEST(SealedKey, NeverOpensWhenAltered) {
  const std::string file = SealKey(KeyPurpose::kAuthority, SomeSeed(), "p", kCheap).value();
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string altered = file;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    EXPECT_FALSE(UnsealKey(altered, "p").ok()) << "byte " << i << " of\n" << file;
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(UnsealKey(file.substr(0, size), "p").ok()) << "cut to " << size;
  }
  EXPECT_FALSE(UnsealKey(file + "\n", "p").ok());
}

TEST(SealedKey, RefusesACostThatWouldExhaustTheMachine) {
  const std::string file = SealKey(KeyPurpose::kAuthority, SomeSeed(), "p", kCheap).value();
  const std::pair<std::string, std::string> changes[] = {
      {"memory: 8192", "memory: 1073741825"}, {"memory: 8192", "memory: 18446744073709551615"},
      {"memory: 8192", "memory: 8191"},       {"operations: 1", "operations: 17"},
      {"operations: 1", "operations: 0"},
  };
  for (const auto& change : changes) {
    const std::string crafted = absl::StrReplaceAll(file, {change});
    ASSERT_NE(crafted, file);
    const auto opened = UnsealKey(crafted, "p");
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kInvalidArgument) << change.second;
    EXPECT_THAT(Message(opened.status()), HasSubstr("out of bounds"));
  }
}

TEST(PlainKey, RoundTripsForItsPurposeOnly) {
  const std::string node = WritePlainKey(KeyPurpose::kNode, SomeSeed());
  const std::string reader = WritePlainKey(KeyPurpose::kReader, SomeSeed());
  EXPECT_EQ(ReadPlainKey(node, KeyPurpose::kNode)->view(), SomeSeed().view());
  EXPECT_EQ(ReadPlainKey(reader, KeyPurpose::kReader)->view(), SomeSeed().view());
  EXPECT_THAT(Message(ReadPlainKey(node, KeyPurpose::kReader).status()),
              HasSubstr("file of a node key; a reader key is needed"));
  EXPECT_THAT(Message(UnsealKey(node, "p").status()), HasSubstr("plain node key file"));
}

TEST(PlainKey, ShowsTheVoteKeyOfANode) {
  const auto info = DescribeKeyFile(WritePlainKey(KeyPurpose::kNode, SomeSeed()));
  ASSERT_TRUE(info.ok());
  EXPECT_FALSE(info->sealed);
  EXPECT_EQ(info->public_key, DeriveNodeKeys(SomeSeed()).vote.public_key());
}

TEST(PlainKey, NoticesAnAlteredDigit) {
  const std::string file = WritePlainKey(KeyPurpose::kReader, SomeSeed());
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string altered = file;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    EXPECT_FALSE(ReadPlainKey(altered, KeyPurpose::kReader).ok()) << "byte " << i;
  }
}

TEST(KeyFile, OfAnotherKindIsRefusedInWords) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string(kKeyFileBytesMax + 1, 'a'),
        std::string("-----BEGIN PRIVATE KEY-----\n")}) {
    EXPECT_THAT(Message(DescribeKeyFile(text).status()), HasSubstr("not a key file"));
  }
}

}  // namespace
}  // namespace assent
