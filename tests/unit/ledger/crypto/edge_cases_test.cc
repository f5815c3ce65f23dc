// Keys and signatures over which verifiers of Ed25519 differ: docs/formats.md says which are good
// here.
#include <gtest/gtest.h>
#include <sodium.h>

#include <string>
#include <thread>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/crypto/public_key.h"
#include "tests/unit/ledger/crypto/ed25519_cases.h"

namespace assent {
namespace {

using enum Ed25519Case::Verdict;

TEST(EdgeCases, EachIsJudgedAsItsLineSays) {
  for (const Ed25519Case& each : Ed25519Cases()) {
    const auto signature = Signature::From(each.signature);
    EXPECT_EQ(signature && VerifyRaw(each.key, each.message, *signature), each.verdict == kGood)
        << each.why << ", key " << each.key.hex();
    EXPECT_EQ(IsValidPublicKey(each.key), each.verdict != kBadKey)
        << each.why << ", key " << each.key.hex();
  }
}

// What the library alone takes of them. If one day that is more or less, nothing of what we say may
// change: the test above.
TEST(EdgeCases, TheLibraryAloneIsLax) {
  ASSERT_GE(sodium_init(), 0);
  int taken = 0;
  for (const Ed25519Case& each : Ed25519Cases()) {
    if (each.verdict == kGood || each.signature.size() != Signature::kSize) continue;
    const auto* signature = reinterpret_cast<const std::uint8_t*>(each.signature.data());
    const auto* message = reinterpret_cast<const std::uint8_t*>(each.message.data());
    taken +=
        crypto_sign_verify_detached(signature, message, each.message.size(), each.key.data()) == 0;
  }
  EXPECT_GT(taken, 0);
}

// Each thread remembers keys of its own; a key that is not valid is never among them.
TEST(EdgeCases, AKeyIsAsValidTheSecondTimeAndOnAnotherThread) {
  const std::vector<Ed25519Case> cases = Ed25519Cases();
  const auto ask = [&] {
    for (int i = 0; i < 3; ++i) {
      for (const Ed25519Case& each : cases) {
        EXPECT_EQ(IsValidPublicKey(each.key), each.verdict != kBadKey) << each.key.hex();
      }
    }
  };
  ask();
  std::thread(ask).join();
}

// More keys than are remembered, all of them good, twice.
TEST(EdgeCases, ForgottenKeysAreValidAgain) {
  std::vector<PublicKey> keys;
  for (int i = 0; i < 1'100; ++i) {
    keys.push_back(SigningKey(*SecretSeed::From(Sha256(std::to_string(i)).view())).public_key());
  }
  for (int round = 0; round < 2; ++round) {
    for (const PublicKey& key : keys) EXPECT_TRUE(IsValidPublicKey(key));
  }
}

}  // namespace
}  // namespace assent
