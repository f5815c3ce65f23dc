// Membership for who does not see all bodies. What entries do to members, keys and votes is PUBLIC,
// and is judged by such entries alone but for the parameters: a revision that nobody else sees may
// have changed them. So they are taken as wide as they can ever be, and when a key that waits takes
// force is for the members hash of the blocks to tell.
#ifndef ASSENT_LEDGER_RULES_UNSEEN_H_
#define ASSENT_LEDGER_RULES_UNSEEN_H_

#include <span>
#include <vector>

#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// To be called before the first entry whose body is hidden. From then on what `state` has of
// anything but members, keys and votes means nothing, and ApplyMembership and the functions below
// are to be used, instead of Apply and BeginBlock.
void ForgetParameters(StateOverlay& state);

// The members whose new key can be in force from this block on, by parameters that a ledger may
// have: no key waits for less than its days of block time. In code order.
std::vector<MemberCode> KeysThatMayTakeForce(const BlockStart& start, const StateView& state);
// As BeginBlock, but the new keys that take force are those of `in_force`, each of them one of
// KeysThatMayTakeForce.
void BeginUnseenBlock(const BlockStart& start, std::span<const MemberCode> in_force,
                      StateOverlay& state);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_UNSEEN_H_
