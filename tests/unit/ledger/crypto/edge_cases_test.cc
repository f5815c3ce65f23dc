// Keys and signatures over which verifiers of Ed25519 differ: all are refused, also those that the
// library would take. The values are those of two published collections, and some of our own
// making.
#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/crypto/public_key.h"

namespace assent {
namespace {

// Numbers of 32 bytes, the least byte first.
constexpr std::string_view kZero =
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kOne =
    "0100000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kOrderLessOne =
    "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
constexpr std::string_view kOrder =
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
constexpr std::string_view kFieldPrime =
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";

PublicKey KeyFrom(std::string_view hex) { return PublicKey::FromHexText(hex).value(); }
Signature SignatureFrom(std::string_view hex) { return Signature::FromHexText(hex).value(); }

const std::uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// What the library alone says.
bool LibraryTakes(const PublicKey& key, const std::string& message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), Bytes(message), message.size(),
                                     key.data()) == 0;
}

struct Case {
  std::string_view message;
  std::string_view key;
  std::string_view signature;
  bool valid_key;
};

// Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs" (SSR 2020), and the collection that
// goes with it: twelve cases of the paper in its order, and one that it replaced.
constexpr std::string_view kSmall =
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa";
constexpr std::string_view kMixed =
    "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43";
constexpr std::string_view kMixedToo =
    "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d";
constexpr std::string_view kGood =
    "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623";
constexpr std::string_view kSmallOtherForm =
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
constexpr Case kTamingCases[] = {
    // A and R of small order, S = 0.
    {"8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6", kSmall,
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
     "0000000000000000000000000000000000000000000000000000000000000000",
     false},
    // A of small order, R with a component of it.
    {"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", kSmall,
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    // The other way round.
    {"aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab", kMixed,
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
     "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
     false},
    // Both have a component of small order: good by both equations.
    {"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", kMixedToo,
     "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
     "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
     false},
    // Good by the equation with the cofactor only.
    {"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", kMixedToo,
     "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
     "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
     false},
    // Good by that equation only if h is not reduced before it is multiplied by 8.
    {"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", kMixedToo,
     "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
     "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
     false},
    // S above L.
    {"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", kGood,
     "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
     "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
     true},
    // S so far above L that its highest bits alone do not show it.
    {"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", kGood,
     "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
     "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
     true},
    // R of small order in another form, hashed as it stands, and hashed in its canonical form.
    {"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41", kMixed,
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
     false},
    {"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41", kMixed,
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
     false},
    // A of small order in another form, likewise.
    {"e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b", kSmallOtherForm,
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    {"39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f", kSmallOtherForm,
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    // R is p, a form of 0.
    {"fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a", kMixed,
     "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
     "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607",
     false},
};

TEST(EdgeCases, TamingTheManyEdDsas) {
  for (const Case& each : kTamingCases) {
    EXPECT_FALSE(
        VerifyRaw(KeyFrom(each.key), *FromHex(each.message), SignatureFrom(each.signature)))
        << each.message;
    EXPECT_EQ(IsValidPublicKey(KeyFrom(each.key)), each.valid_key) << each.key;
  }
}

// The library takes the fourth case, whose key has a component of small order. If one day it does
// not, or takes more, nothing of what we say may change: the test above.
TEST(EdgeCases, TheLibraryAloneIsLax) {
  ASSERT_GE(sodium_init(), 0);
  const Case& mixed = kTamingCases[3];
  EXPECT_TRUE(
      LibraryTakes(KeyFrom(mixed.key), *FromHex(mixed.message), SignatureFrom(mixed.signature)));
}

// The points of order 1, 2, 4 and 8, and their other forms (y not below p, or x = 0 with a sign):
// RFC 7748 and RFC 8032 give p; the values are listed by Wycheproof and by the paper above.
constexpr std::string_view kSmallOrder[] = {
    kOne,
    kZero,
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    kSmall,
    "0100000000000000000000000000000000000000000000000000000000000080",
    kSmallOtherForm,
    kFieldPrime,
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

TEST(EdgeCases, KeysOfSmallOrderAreNotValid) {
  for (const std::string_view hex : kSmallOrder) {
    EXPECT_FALSE(IsValidPublicKey(KeyFrom(hex))) << hex;
    for (const std::string_view r : kSmallOrder) {
      const Signature signature = SignatureFrom(std::string(r) + std::string(kZero));
      EXPECT_FALSE(VerifyRaw(KeyFrom(hex), "any message", signature)) << hex << " " << r;
    }
  }
}

// Numbers that are no point, and points in a form that is not canonical: 2^255 - 19 + 3 stands for
// y = 3.
TEST(EdgeCases, KeysThatAreNoPointOrNotCanonicalAreNotValid) {
  EXPECT_FALSE(IsValidPublicKey(
      KeyFrom("0200000000000000000000000000000000000000000000000000000000000000")));
  EXPECT_FALSE(IsValidPublicKey(
      KeyFrom("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")));
  EXPECT_FALSE(IsValidPublicKey(
      KeyFrom("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")));
}

// A key of ours, moved by each point of small order: the same secret would sign under it.
TEST(EdgeCases, KeysWithAComponentOfSmallOrderAreNotValid) {
  const SigningKey good(*SecretSeed::From(Sha256("seed").view()));
  int points = 0;
  for (const std::string_view hex : kSmallOrder) {
    const PublicKey small = KeyFrom(hex);
    PublicKey moved;
    if (crypto_core_ed25519_add(moved.data(), good.public_key().data(), small.data()) != 0)
      continue;
    if (moved == good.public_key()) continue;  // by the neutral element
    ++points;
    EXPECT_FALSE(IsValidPublicKey(moved)) << hex;
    EXPECT_TRUE(IsValidPublicKey(good.public_key()));
  }
  EXPECT_GE(points, 7);
}

// Each thread remembers keys of its own; a key that is not valid is never among them.
TEST(EdgeCases, AKeyIsAsValidTheSecondTimeAndOnAnotherThread) {
  const SigningKey good(*SecretSeed::From(Sha256("seed").view()));
  PublicKey zero;
  const auto ask = [&] {
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(IsValidPublicKey(good.public_key()));
      EXPECT_FALSE(IsValidPublicKey(zero));
      EXPECT_FALSE(IsValidPublicKey(KeyFrom(kMixed)));
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

// Wycheproof, EdDSA over edwards25519: its key, and signatures whose parts are special numbers.
constexpr std::string_view kWycheproofKey =
    "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa";
constexpr std::string_view kWycheproofTest =  // of "Test"
    "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0"
    "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d";

TEST(EdgeCases, SpecialNumbersAreNoSignature) {
  const PublicKey key = KeyFrom(kWycheproofKey);
  for (const std::string_view r : {kZero, kOne, kOrder, kFieldPrime}) {
    for (const std::string_view s : {kZero, kOne, kOrderLessOne, kOrder, kFieldPrime}) {
      EXPECT_FALSE(VerifyRaw(key, "?", SignatureFrom(std::string(r) + std::string(s))));
    }
  }
  EXPECT_FALSE(VerifyRaw(key, "Test", Signature()));
}

TEST(EdgeCases, AGoodSignatureOfWycheproofIsGood) {
  EXPECT_TRUE(VerifyRaw(KeyFrom(kWycheproofKey), "Test", SignatureFrom(kWycheproofTest)));
}

// Its cases of malleability: S + k L for the multiples k that fit into 32 bytes.
TEST(EdgeCases, SHasOneForm) {
  const PublicKey key = KeyFrom(kWycheproofKey);
  Signature signature = SignatureFrom(kWycheproofTest);
  const std::string order = *FromHex(kOrder);
  for (int k = 1; k < 16; ++k) {
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      std::uint8_t& byte = signature.data()[32 + i];
      carry += byte + static_cast<std::uint8_t>(order[i]);
      byte = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) break;
    EXPECT_FALSE(VerifyRaw(key, "Test", signature)) << k;
  }
}

// Its signatures of wrong lengths cannot be made: a signature is 64 bytes wherever it is read.
TEST(EdgeCases, ASignatureOfAnotherLengthIsNone) {
  const std::string good = *FromHex(kWycheproofTest);
  for (const std::string& bytes :
       {std::string(), good.substr(0, 32), good.substr(0, 62), good.substr(0, 63), good + "  ",
        good + good.substr(0, 32), std::string(1, '\0') + good,
        good.substr(0, 32) + std::string(1, '\0') + good.substr(32), good + std::string(1, '\0')}) {
    EXPECT_FALSE(Signature::From(bytes)) << bytes.size();
  }
  EXPECT_FALSE(PublicKey::From(std::string(31, 'k')));
  EXPECT_FALSE(PublicKey::From(std::string(33, 'k')));
}

// h = SHA-512(R || A || M) mod L.
std::array<std::uint8_t, 32> Challenge(const std::uint8_t* r, const PublicKey& key,
                                       const std::string& message) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, r, 32);
  crypto_hash_sha512_update(&state, key.data(), PublicKey::kSize);
  crypto_hash_sha512_update(&state, Bytes(message), message.size());
  std::array<std::uint8_t, 64> wide;
  crypto_hash_sha512_final(&state, wide.data());
  std::array<std::uint8_t, 32> reduced;
  crypto_core_ed25519_scalar_reduce(reduced.data(), wide.data());
  return reduced;
}

// The owner of a good key can make R with a component of small order: the equation with the
// cofactor holds, the one without does not.
TEST(EdgeCases, RHasNoComponentOfSmallOrder) {
  ASSERT_GE(sodium_init(), 0);
  const std::string message = "M";
  std::array<std::uint8_t, 32> secret{};
  std::array<std::uint8_t, 32> nonce{};
  crypto_core_ed25519_scalar_random(secret.data());
  crypto_core_ed25519_scalar_random(nonce.data());
  PublicKey key;
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(key.data(), secret.data()), 0);
  std::array<std::uint8_t, 32> r{};
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(r.data(), nonce.data()), 0);

  const auto sign = [&](const std::array<std::uint8_t, 32>& point) {
    const auto h = Challenge(point.data(), key, message);
    std::array<std::uint8_t, 32> product{};
    std::array<std::uint8_t, 32> s{};
    crypto_core_ed25519_scalar_mul(product.data(), h.data(), secret.data());
    crypto_core_ed25519_scalar_add(s.data(), nonce.data(), product.data());
    Signature signature;
    std::copy(point.begin(), point.end(), signature.data());
    std::copy(s.begin(), s.end(), signature.data() + 32);
    return signature;
  };
  EXPECT_TRUE(VerifyRaw(key, message, sign(r)));
  int points = 0;
  for (const std::string_view hex : kSmallOrder) {
    std::array<std::uint8_t, 32> moved{};
    if (crypto_core_ed25519_add(moved.data(), r.data(), KeyFrom(hex).data()) != 0) continue;
    if (moved == r) continue;
    ++points;
    EXPECT_FALSE(VerifyRaw(key, message, sign(moved))) << hex;
  }
  EXPECT_GE(points, 7);

  // And a nonce of zero: R is the neutral element, S = h a. It would tell the secret.
  nonce.fill(0);
  std::array<std::uint8_t, 32> neutral{1};
  EXPECT_FALSE(VerifyRaw(key, message, sign(neutral)));
}

}  // namespace
}  // namespace assent
