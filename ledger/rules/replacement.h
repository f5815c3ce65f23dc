// New authority keys that the members want for one of them that has lost its own. They wait, so
// that a key that was not lost can refuse; the wait is counted in block time of a ledger that goes
// on.
#ifndef ASSENT_LEDGER_RULES_REPLACEMENT_H_
#define ASSENT_LEDGER_RULES_REPLACEMENT_H_

#include <optional>
#include <vector>

#include "assent/v1/membership.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// The replacement that waits for this member; nothing when none does.
std::optional<v1::ReplacementState> WaitingReplacement(const StateView& state,
                                                       const MemberCode& code);
// Has `new_key` wait, from the entry being filed on. None waits for this member.
void BeginReplacement(const Filing& filing, EntryIndex question, const MemberCode& code,
                      const PublicKey& new_key);
// Ends the wait of this member, if one waits, without effect.
void DropReplacement(StateOverlay& state, const MemberCode& code);

// At the start of a block, in this order: counts the time since its parent, at most two heartbeats
// of it; finds the members whose new keys have waited long enough, in code order; and puts such a
// key in force.
void CountWaitingTime(const BlockStart& start, StateOverlay& state);
std::vector<MemberCode> DueReplacements(const StateView& state);
void PutReplacementInForce(const BlockStart& start, const MemberCode& code, StateOverlay& state);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_REPLACEMENT_H_
