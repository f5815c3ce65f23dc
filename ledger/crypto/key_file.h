// Key files as text. The keys of people, authority and releaser, are sealed with a passphrase
// (Argon2id and XSalsa20-Poly1305 by libsodium); a node seed and a reader key are plain, protected
// by the file's permissions. Reading and writing files is the caller's. Layout in docs/formats.md.
#ifndef ASSENT_LEDGER_CRYPTO_KEY_FILE_H_
#define ASSENT_LEDGER_CRYPTO_KEY_FILE_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/crypto/keys.h"

namespace assent {

enum class KeyPurpose { kAuthority, kNode, kReader, kReleaser };
inline constexpr std::array kKeyPurposes{KeyPurpose::kAuthority, KeyPurpose::kNode,
                                         KeyPurpose::kReader, KeyPurpose::kReleaser};

// "authority", "node", "reader", "releaser".
std::string_view PurposeName(KeyPurpose purpose);
std::optional<KeyPurpose> PurposeNamed(std::string_view name);
// True when its file is sealed with a passphrase.
bool IsSealed(KeyPurpose purpose);

// How hard guessing a passphrase is made: crypto_pwhash opslimit and memlimit (bytes), written into
// the file. Unseal refuses more than kSealMemoryBytesMax, so that a crafted file cannot exhaust
// memory.
struct SealCost {
  std::uint64_t operations;
  std::uint64_t memory_bytes;
};
inline constexpr SealCost kSealCost{3, 256ull * 1024 * 1024};
inline constexpr std::uint64_t kSealMemoryBytesMax = 1024ull * 1024 * 1024;
inline constexpr std::uint64_t kSealOperationsMax = 16;

// The sealed file of a key whose purpose IsSealed. `cost` must be one that UnsealKey accepts: 1 to
// kSealOperationsMax and 8 KiB to kSealMemoryBytesMax in whole KiB. Fails only when that memory is
// not to be had.
absl::StatusOr<std::string> SealKey(KeyPurpose purpose, const SecretSeed& seed,
                                    std::string_view passphrase, SealCost cost = kSealCost);
// The plain file of a node seed or reader key.
std::string WritePlainKey(KeyPurpose purpose, const SecretSeed& seed);

// What a key file says of itself without its secret: purpose, and for sealed files the public key.
struct KeyFileInfo {
  KeyPurpose purpose;
  bool sealed;
  PublicKey public_key;  // of a node seed: the vote key
};
absl::StatusOr<KeyFileInfo> DescribeKeyFile(std::string_view text);

// The secret. InvalidArgument: not such a file, or damaged; PermissionDenied: wrong passphrase.
absl::StatusOr<SecretSeed> UnsealKey(std::string_view text, std::string_view passphrase);
absl::StatusOr<SecretSeed> ReadPlainKey(std::string_view text, KeyPurpose purpose);

}  // namespace assent

#endif  // ASSENT_LEDGER_CRYPTO_KEY_FILE_H_
