// Ed25519 keys (RFC 8032) by libsodium, and what each may sign: every signature is over a tag, a
// zero byte and the statement, so that none can be passed for another.
#ifndef ASSENT_LEDGER_CRYPTO_KEYS_H_
#define ASSENT_LEDGER_CRYPTO_KEYS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/bytes.h"

namespace assent {

// 32 secret bytes in memory that is locked where the system lets us, and wiped at the end. Move
// only.
class SecretSeed {
 public:
  static constexpr std::size_t kSize = 32;
  static SecretSeed Random();
  // Copies and wipes nothing of `bytes`; exactly 32.
  static std::optional<SecretSeed> From(std::string_view bytes);
  ~SecretSeed();
  SecretSeed(SecretSeed&& other) noexcept;
  SecretSeed& operator=(SecretSeed&& other) noexcept;
  SecretSeed(const SecretSeed&) = delete;
  SecretSeed& operator=(const SecretSeed&) = delete;
  // Valid while this object lives.
  std::string_view view() const;

 private:
  SecretSeed();
  std::uint8_t* bytes_;  // sodium_malloc; null after a move
};

// A key that signs. Move only; wiped at the end. Signing is safe from any thread.
class SigningKey {
 public:
  // The RFC 8032 key pair of this seed.
  explicit SigningKey(const SecretSeed& seed);
  ~SigningKey();
  SigningKey(SigningKey&& other) noexcept;
  SigningKey& operator=(SigningKey&& other) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  const PublicKey& public_key() const { return public_key_; }
  // Over tag || 0x00 || statement.
  Signature Sign(std::string_view tag, std::string_view statement) const;
  // Over exactly these bytes: for formats that others define (C2SP notes, X.509).
  Signature SignRaw(std::string_view message) const;

 private:
  PublicKey public_key_;
  std::uint8_t* secret_;  // 64 bytes, sodium_malloc; null after a move
};

// True when `signature` is by `key` over tag || 0x00 || statement. Refuses keys that are not valid
// (public_key.h) and signatures that are not in their one form (docs/formats.md). Any thread.
bool Verify(const PublicKey& key, std::string_view tag, std::string_view statement,
            const Signature& signature);
bool VerifyRaw(const PublicKey& key, std::string_view message, const Signature& signature);

// The three keys of a node, derived from its one seed by crypto_kdf (context "asntnode", ids 1, 2,
// 3).
struct NodeKeys {
  SigningKey vote;
  SigningKey checkpoint;
  SigningKey transport;
  SecretSeed transport_seed;  // for the TLS certificate, which wants the seed itself
};
NodeKeys DeriveNodeKeys(const SecretSeed& seed);

// The tags. Each is followed by 0x00 and the statement.
namespace tag {
inline constexpr std::string_view kEntry = "assent/entry/v1";
inline constexpr std::string_view kNotarize = "assent/notarize/v1";
inline constexpr std::string_view kSkip = "assent/skip/v1";
inline constexpr std::string_view kFinalize = "assent/finalize/v1";
inline constexpr std::string_view kProposal = "assent/proposal/v1";
inline constexpr std::string_view kAct = "assent/act/v1";
inline constexpr std::string_view kPossession = "assent/possession/v1";
inline constexpr std::string_view kSubscription = "assent/subscription/v1";
inline constexpr std::string_view kVoting = "assent/voting/v1";
inline constexpr std::string_view kRelease = "assent/release/v1";
}  // namespace tag

}  // namespace assent

#endif  // ASSENT_LEDGER_CRYPTO_KEYS_H_
