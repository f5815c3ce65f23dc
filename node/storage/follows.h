// The invariant of every store: a block that is written continues the tip.
#ifndef ASSENT_NODE_STORAGE_FOLLOWS_H_
#define ASSENT_NODE_STORAGE_FOLLOWS_H_

#include "node/replica/store.h"

namespace assent::storage {

// Aborts unless `block` has the height, parent and first index that follow `tip`, the bytes of its
// header, and a type for each entry. Who breaks it has a bug, and would write a ledger that nobody
// can read.
void RequireFollows(const replica::Tip& tip, const replica::CommittedBlock& block);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_FOLLOWS_H_
