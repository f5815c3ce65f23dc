// Which public keys the ledger takes at all.
#ifndef ASSENT_LEDGER_CRYPTO_PUBLIC_KEY_H_
#define ASSENT_LEDGER_CRYPTO_PUBLIC_KEY_H_

#include "ledger/bytes.h"

namespace assent {

// True when `key` is the canonical form (RFC 8032, 5.1.2) of a point of the curve's subgroup of
// prime order, and not its neutral element. Under such keys all ways to check a signature that are
// in use, with the cofactor or without, one by one or many at once, say the same (Chalkias,
// Garillot and Nikolaenko, "Taming the many EdDSAs", 2020). Any thread. A thread that has lately
// asked for the same key is answered from memory; else it takes as long as checking a signature.
bool IsValidPublicKey(const PublicKey& key);

}  // namespace assent

#endif  // ASSENT_LEDGER_CRYPTO_PUBLIC_KEY_H_
