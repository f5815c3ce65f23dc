#include "ledger/crypto/public_key.h"

#include <array>
#include <memory>
#include <optional>

#include "ledger/crypto/sodium.h"

namespace assent {
namespace {

static_assert(PublicKey::kSize == crypto_core_ed25519_BYTES);

// Good keys that a thread has met, each in the place that its first bytes name: a ledger has few
// keys, and all signatures are by them.
constexpr std::size_t kKeysRemembered = 1024;
using Remembered = std::array<std::optional<PublicKey>, kKeysRemembered>;

}  // namespace

bool IsValidPublicKey(const PublicKey& key) {
  thread_local const std::unique_ptr<Remembered> remembered = std::make_unique<Remembered>();
  std::optional<PublicKey>& place = (*remembered)[ByteReader(key.view()).U16() % kKeysRemembered];
  if (place == key) return true;
  crypto_internal::EnsureSodium();
  if (crypto_core_ed25519_is_valid_point(key.data()) != 1) return false;
  place = key;
  return true;
}

}  // namespace assent
