// What the database keeps besides the log and the state, and could make again from them: indexes
// for those who ask. Keys: keys.h.
#ifndef ASSENT_NODE_STORAGE_DERIVED_H_
#define ASSENT_NODE_STORAGE_DERIVED_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/entry/entry.h"
#include "ledger/types.h"
#include "node/storage/database.h"

namespace assent::storage {

// The keys, all with empty values, for an entry of the log; none when its body cannot be read.
std::vector<std::string> DerivedKeys(const Entry& entry, EntryIndex index);

// Makes what is derived where the database is without it, as one of an older program is. Reads all
// entries then. DataLoss: the database is damaged.
absl::Status CompleteDerived(const Database& database);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_DERIVED_H_
