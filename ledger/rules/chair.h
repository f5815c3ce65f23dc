// The chair: a member for a dated term, which the members decide.
#ifndef ASSENT_LEDGER_RULES_CHAIR_H_
#define ASSENT_LEDGER_RULES_CHAIR_H_

#include <optional>
#include <vector>

#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// A term of the chair.
struct Term {
  EntryIndex question;  // that asked for it
  EntryIndex decided_by;
  MemberCode chair;
  Time from;
  Time until;  // the first instant after it
};

// The terms of those that are members since they were decided, in the order of their questions. A
// chair's term is over when it withdraws.
std::vector<Term> Terms(const StateView& state);
// Who chairs at `time`; nothing when nobody does.
std::optional<MemberCode> ChairAt(const StateView& state, Time time);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_CHAIR_H_
