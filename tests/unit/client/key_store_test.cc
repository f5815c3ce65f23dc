#include "client/key_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr SealCost kCheap{1, 8192};

SecretSeed Seed() { return SecretSeed::From(std::string(32, 's')).value(); }

TEST(KeyStoreTest, AnAuthorityKeyOpensWithItsPassphrase) {
  const TempFolder folder;
  const std::string key = folder.Write(
      "a.key", SealKey(KeyPurpose::kAuthority, Seed(), "correct horse", kCheap).value());
  const std::string passphrase = folder.Write("pass", "correct horse\n");
  const auto opened = LoadSigner(KeyPurpose::kAuthority, key, passphrase);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->public_key(), SigningKey(Seed()).public_key());
  EXPECT_FALSE(
      LoadSigner(KeyPurpose::kAuthority, key, folder.Write("wrong", "battery staple")).ok());
}

TEST(KeyStoreTest, WeakPermissionsOfKeyOrPassphraseAreRefused) {
  const TempFolder folder;
  const std::string key = folder.Write(
      "a.key", SealKey(KeyPurpose::kAuthority, Seed(), "correct horse", kCheap).value());
  const std::string passphrase = folder.Write("pass", "correct horse", fs::perms(0644));
  EXPECT_EQ(LoadSigner(KeyPurpose::kAuthority, key, passphrase).status().code(),
            absl::StatusCode::kPermissionDenied);
  folder.Write("pass", "correct horse", fs::perms(0600));
  EXPECT_TRUE(LoadSigner(KeyPurpose::kAuthority, key, passphrase).ok());
  fs::permissions(key, fs::perms(0640));
  EXPECT_EQ(LoadSigner(KeyPurpose::kAuthority, key, passphrase).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(KeyStoreTest, AKeyForSomethingElseIsRefused) {
  const TempFolder folder;
  const std::string node = folder.Write("node", WritePlainKey(KeyPurpose::kNode, Seed()));
  EXPECT_THAT(std::string(LoadSigner(KeyPurpose::kAuthority, node, "").status().message()),
              HasSubstr("node key"));
  EXPECT_FALSE(LoadPlainKey(node, KeyPurpose::kReader).ok());
  EXPECT_TRUE(LoadPlainKey(node, KeyPurpose::kNode).ok());
  EXPECT_FALSE(LoadPublicKeys(node, KeyPurpose::kReader).ok());
}

TEST(KeyStoreTest, ANewPassphraseMustNotBeShort) {
  const TempFolder folder;
  EXPECT_THAT(std::string(GetNewPassphrase(folder.Write("p", "elevenchars\n")).status().message()),
              HasSubstr("shorter than 12"));
  EXPECT_TRUE(GetNewPassphrase(folder.Write("p", "twelve chars\n")).ok());
}

TEST(KeyStoreTest, PublicHalvesReadBackTheSame) {
  for (const KeyPurpose purpose : kKeyPurposes) {
    const PublicKeys keys = PublicHalf(purpose, Seed());
    const auto again = ParsePublicKeys(FormatPublicKeys(keys));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(FormatPublicKeys(*again), FormatPublicKeys(keys));
    EXPECT_EQ(again->purpose, purpose);
  }
}

TEST(KeyStoreTest, ThePublicHalfIsTheSameFromEitherFile) {
  const TempFolder folder;
  const std::string secret = folder.Write("node", WritePlainKey(KeyPurpose::kNode, Seed()));
  const std::string shared = folder.Write(
      "node.pub", FormatPublicKeys(PublicHalf(KeyPurpose::kNode, Seed())), fs::perms(0644));
  EXPECT_EQ(LoadPublicKeys(secret)->transport, LoadPublicKeys(shared)->transport);
  EXPECT_EQ(LoadPublicKeys(secret)->transport, DeriveNodeKeys(Seed()).transport.public_key());
  const std::string sealed =
      folder.Write("a", SealKey(KeyPurpose::kAuthority, Seed(), "correct horse", kCheap).value());
  EXPECT_EQ(*PublicKeyFrom(sealed, KeyPurpose::kAuthority), SigningKey(Seed()).public_key());
  EXPECT_EQ(*PublicKeyFrom(SigningKey(Seed()).public_key().hex(), KeyPurpose::kAuthority),
            SigningKey(Seed()).public_key());
}

TEST(KeyStoreTest, DamagedPublicFilesAreRefused) {
  const std::string good = FormatPublicKeys(PublicHalf(KeyPurpose::kNode, Seed()));
  EXPECT_FALSE(ParsePublicKeys("").ok());
  EXPECT_FALSE(ParsePublicKeys(good + "more\n").ok());
  EXPECT_FALSE(ParsePublicKeys(good.substr(0, good.size() - 1)).ok());
  EXPECT_FALSE(ParsePublicKeys(good.substr(0, good.size() - 3) + "zz\n").ok());
  EXPECT_FALSE(ParsePublicKeys("assent public key v1\npurpose: king\n").ok());
}

}  // namespace
}  // namespace assent::client
