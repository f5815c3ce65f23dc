// For code that holds secrets and no other: libsodium must be initialised before its first use, and
// secrets live in memory that it guards.
#ifndef ASSENT_LEDGER_CRYPTO_SODIUM_H_
#define ASSENT_LEDGER_CRYPTO_SODIUM_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>

#include "ledger/check.h"

namespace assent::crypto_internal {

// Any thread, any number of times.
inline void EnsureSodium() {
  static const bool ready = sodium_init() >= 0;
  ASSENT_CHECK(ready);
}

// `size` bytes between guard pages, kept out of swap where the system lets us. Never null.
inline std::uint8_t* AllocateSecret(std::size_t size) {
  EnsureSodium();
  auto* bytes = static_cast<std::uint8_t*>(sodium_malloc(size));
  ASSENT_CHECK(bytes != nullptr);
  return bytes;
}

}  // namespace assent::crypto_internal

#endif  // ASSENT_LEDGER_CRYPTO_SODIUM_H_
