// An entry before it is signed, for keys that are not in this process's memory.
#ifndef ASSENT_LEDGER_ENTRY_UNSIGNED_ENTRY_H_
#define ASSENT_LEDGER_ENTRY_UNSIGNED_ENTRY_H_

#include <string>

#include "ledger/bytes.h"
#include "ledger/entry/entry.h"

namespace assent {

// All of an entry by this key but its signature, which is over the header under assent/entry/v1.
// `header`'s key id and commitment are filled in.
RawEntry UnsignedEntry(EntryHeader header, std::string body, const Salt& salt,
                       const PublicKey& key);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_UNSIGNED_ENTRY_H_
