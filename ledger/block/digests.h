// What a block header claims of the state: the digest of its changes, and the root over the authors' heads.
// Bytes: docs/formats.md.
#ifndef ASSENT_LEDGER_BLOCK_DIGESTS_H_
#define ASSENT_LEDGER_BLOCK_DIGESTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent {

// Changes to the state: key to new value, nothing for a removal. In key order.
using StateWrites = std::map<std::string, std::optional<std::string>>;

// SHA-256(0x04 || previous || salts hash || for each write in key order: u32 key length || key || u8 (1 put, 0
// removal) || for a put u32 value length || value).
Hash NextStateDigest(const Hash& previous, const Hash& salts_hash, const StateWrites& writes);
// SHA-256(0x05 || the salts in the order of the entries).
Hash SaltsHash(const std::vector<Salt>& salts);

// An author's newest entry.
struct AuthorHead {
  Sequence sequence;
  Hash leaf_hash;
};
using AuthorHeads = std::map<MemberCode, AuthorHead>;

// RFC 6962 root over the leaves u8 code length || code || u64 sequence || leaf hash, in code order.
Hash AuthorHeadsRoot(const AuthorHeads& heads);

}  // namespace assent

#endif  // ASSENT_LEDGER_BLOCK_DIGESTS_H_
