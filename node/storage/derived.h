// What the database keeps beside log and state, and could make again from them: indexes for those
// who ask. Keys: ledger/rules/past.h, ledger/rules/record_index.h.
#ifndef ASSENT_NODE_STORAGE_DERIVED_H_
#define ASSENT_NODE_STORAGE_DERIVED_H_

#include "absl/status/status.h"
#include "node/storage/database.h"

namespace assent::storage {

// Makes what is derived where the database is without it, as one of an older program is. Reads all
// entries then. DataLoss: the database is damaged.
absl::Status CompleteDerived(const Database& database);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_DERIVED_H_
