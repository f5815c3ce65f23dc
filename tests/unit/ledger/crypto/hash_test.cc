#include "ledger/crypto/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace assent {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, HasTheVectorsOfTheStandard) {
  EXPECT_EQ(Sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256("abc"));
  EXPECT_EQ(Sha256({}), Sha256(""));
}

TEST(Sha256, IsTheSameOnEveryThread) {
  std::vector<std::thread> threads;
  std::vector<Hash> hashes(4);
  for (Hash& hash : hashes) {
    threads.emplace_back([&hash] {
      for (int i = 0; i < 1'000; ++i) hash = Sha256({hash.view(), "x"});
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Hash& hash : hashes) EXPECT_EQ(hash, hashes[0]);
}

TEST(Domains, AreKeptApart) {
  const Salt salt = *Salt::From(std::string(32, 's'));
  EXPECT_EQ(BodyCommitment(salt, "body"), Sha256("\x02" + std::string(32, 's') + "body"));
  EXPECT_EQ(BlockHash("header"), Sha256("\x03header"));
  const PublicKey key = *PublicKey::From(std::string(32, 'k'));
  EXPECT_EQ(KeyIdOf(key).view(), Sha256(std::string(32, 'k')).view());
}

}  // namespace
}  // namespace assent
