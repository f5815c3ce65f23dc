#include "ledger/crypto/keys.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "ledger/crypto/public_key.h"
#include "ledger/crypto/sodium.h"

namespace assent {
namespace {

using crypto_internal::AllocateSecret;
using crypto_internal::EnsureSodium;

static_assert(SecretSeed::kSize == crypto_sign_SEEDBYTES);
static_assert(SecretSeed::kSize == crypto_kdf_KEYBYTES);
static_assert(PublicKey::kSize == crypto_sign_PUBLICKEYBYTES);
static_assert(Signature::kSize == crypto_sign_BYTES);

constexpr char kNodeKeyContext[crypto_kdf_CONTEXTBYTES + 1] = "asntnode";
constexpr std::uint64_t kVoteKeyNumber = 1;
constexpr std::uint64_t kCheckpointKeyNumber = 2;
constexpr std::uint64_t kTransportKeyNumber = 3;

// The order of the group: 2^252 + 27742317777372353535851937790883648493 (RFC 8032, 5.1), least
// byte first.
constexpr std::array<std::uint8_t, crypto_core_ed25519_SCALARBYTES> kOrder{
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

// The canonical form of the group's neutral element.
constexpr std::array<std::uint8_t, crypto_core_ed25519_BYTES> kNeutral{1};
static_assert(crypto_core_ed25519_BYTES + crypto_core_ed25519_SCALARBYTES == crypto_sign_BYTES);

// A signature is a point R and a number S. S has one form only when it is less than the order; and
// whoever signs at random never meets the neutral element. Nothing here is secret.
bool HasOneForm(const Signature& signature) {
  const std::uint8_t* r = signature.data();
  const std::uint8_t* s = r + crypto_core_ed25519_BYTES;
  return std::lexicographical_compare(std::make_reverse_iterator(s + kOrder.size()),
                                      std::make_reverse_iterator(s), kOrder.rbegin(),
                                      kOrder.rend()) &&
         !std::equal(kNeutral.begin(), kNeutral.end(), r);
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string TaggedMessage(std::string_view tag, std::string_view statement) {
  std::string message;
  message.reserve(tag.size() + 1 + statement.size());
  message.append(tag).push_back('\0');
  message.append(statement);
  return message;
}

SecretSeed DeriveSeed(const SecretSeed& seed, std::uint64_t number) {
  std::array<std::uint8_t, SecretSeed::kSize> derived;
  ASSENT_CHECK(crypto_kdf_derive_from_key(derived.data(), derived.size(), number, kNodeKeyContext,
                                          Bytes(seed.view())) == 0);
  auto result = SecretSeed::From({reinterpret_cast<const char*>(derived.data()), derived.size()});
  sodium_memzero(derived.data(), derived.size());
  return *std::move(result);
}

}  // namespace

SecretSeed::SecretSeed() : bytes_(AllocateSecret(kSize)) {}

SecretSeed SecretSeed::Random() {
  SecretSeed seed;
  randombytes_buf(seed.bytes_, kSize);
  return seed;
}

std::optional<SecretSeed> SecretSeed::From(std::string_view bytes) {
  if (bytes.size() != kSize) return std::nullopt;
  SecretSeed seed;
  std::memcpy(seed.bytes_, bytes.data(), kSize);
  return seed;
}

SecretSeed::~SecretSeed() { sodium_free(bytes_); }

SecretSeed::SecretSeed(SecretSeed&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)) {}

SecretSeed& SecretSeed::operator=(SecretSeed&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

std::string_view SecretSeed::view() const {
  ASSENT_CHECK(bytes_ != nullptr);
  return {reinterpret_cast<const char*>(bytes_), kSize};
}

SigningKey::SigningKey(const SecretSeed& seed)
    : secret_(AllocateSecret(crypto_sign_SECRETKEYBYTES)) {
  ASSENT_CHECK(crypto_sign_seed_keypair(public_key_.data(), secret_, Bytes(seed.view())) == 0);
}

SigningKey::~SigningKey() { sodium_free(secret_); }

SigningKey::SigningKey(SigningKey&& other) noexcept
    : public_key_(other.public_key_), secret_(std::exchange(other.secret_, nullptr)) {}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  std::swap(public_key_, other.public_key_);
  std::swap(secret_, other.secret_);
  return *this;
}

Signature SigningKey::Sign(std::string_view tag, std::string_view statement) const {
  return SignRaw(TaggedMessage(tag, statement));
}

Signature SigningKey::SignRaw(std::string_view message) const {
  ASSENT_CHECK(secret_ != nullptr);
  Signature signature;
  ASSENT_CHECK(crypto_sign_detached(signature.data(), nullptr, Bytes(message), message.size(),
                                    secret_) == 0);
  return signature;
}

bool Verify(const PublicKey& key, std::string_view tag, std::string_view statement,
            const Signature& signature) {
  return VerifyRaw(key, TaggedMessage(tag, statement), signature);
}

bool VerifyRaw(const PublicKey& key, std::string_view message, const Signature& signature) {
  // What the library takes has changed with its versions, and two nodes that differ in it would
  // part ways: what docs/formats.md refuses is refused here, whatever the library does.
  if (!HasOneForm(signature) || !IsValidPublicKey(key)) return false;
  return crypto_sign_verify_detached(signature.data(), Bytes(message), message.size(),
                                     key.data()) == 0;
}

NodeKeys DeriveNodeKeys(const SecretSeed& seed) {
  SecretSeed transport_seed = DeriveSeed(seed, kTransportKeyNumber);
  SigningKey transport(transport_seed);
  return {SigningKey(DeriveSeed(seed, kVoteKeyNumber)),
          SigningKey(DeriveSeed(seed, kCheckpointKeyNumber)), std::move(transport),
          std::move(transport_seed)};
}

}  // namespace assent
