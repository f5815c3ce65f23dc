// A block changes the authority key of a member at most once. So whatever a member signs in a block
// is signed by the key that the members hash of the block before it names or by the one that its
// own does, and a receipt can prove it.
#ifndef ASSENT_LEDGER_RULES_KEY_CHANGE_H_
#define ASSENT_LEDGER_RULES_KEY_CHANGE_H_

#include <optional>

#include "ledger/rules/filing.h"
#include "ledger/rules/rules.h"

namespace assent::rules {

inline constexpr Rule kKeyChangedInBlock{
    "KEY_CHANGED_IN_BLOCK",
    "The author's key was in force before the block: a block changes a member's key once."};

// Refuses by kKeyChangedInBlock an entry that ends the author's key, or its membership, in the very
// block in which that key came into force: by joining, by rotation, or because it had waited long
// enough. What the block has done is what `filing.state` has written. No honest node puts such an
// entry into a block: it takes none by a key that is not final yet.
std::optional<Refusal> RefuseSecondKeyChange(const Filing& filing);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_KEY_CHANGE_H_
