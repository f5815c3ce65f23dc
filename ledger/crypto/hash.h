// SHA-256 (FIPS 180-4), and two of the domains in which the ledger uses it (docs/formats.md, "One
// domain for each hash").
#ifndef ASSENT_LEDGER_CRYPTO_HASH_H_
#define ASSENT_LEDGER_CRYPTO_HASH_H_

#include <initializer_list>
#include <memory>
#include <string_view>

#include "ledger/bytes.h"

namespace assent {

// SHA-256 of the parts, one after the other. Any thread.
Hash Sha256(std::initializer_list<std::string_view> parts);
inline Hash Sha256(std::string_view data) { return Sha256({data}); }

// SHA-256(0x02 || salt || body): binds a body that stands outside its leaf.
Hash BodyCommitment(const Salt& salt, std::string_view body);

// SHA-256(0x03 || header): names a block.
Hash BlockHash(std::string_view header);

// SHA-256 of a public key: names an authority key.
KeyId KeyIdOf(const PublicKey& key);

}  // namespace assent

#endif  // ASSENT_LEDGER_CRYPTO_HASH_H_
