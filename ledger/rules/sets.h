// Sets that keep their past: what is in one, in the order in which a question is answered, now and
// at any size of the log before. The rules write them, so that an answer costs what it says and not
// what the ledger holds. Keys: keys.h.
//
// A thing stands in a set at a place, a text that gives the order and ends in the index of an
// entry. It may enter and leave more than once.
#ifndef ASSENT_LEDGER_RULES_SETS_H_
#define ASSENT_LEDGER_RULES_SETS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// One set, as it is for those who see all bodies or PUBLIC ones only. What is in the one need not
// be in the other: a launch whose report is for members is not reported to the public.
struct SetName {
  std::string_view name;
  Audience audience;
};

// Puts what stands at `place` into the set, or takes it out, by the entry `by`. Nothing happens
// when it is in, or out, already.
void Enter(StateOverlay& state, SetName set, std::string_view place, EntryIndex by);
void Leave(StateOverlay& state, SetName set, std::string_view place, EntryIndex by);
// The same for a place at which nothing ever stood: it is not looked up.
void EnterNew(StateOverlay& state, SetName set, std::string_view place, EntryIndex by);
bool IsIn(const StateView& state, SetName set, std::string_view place);
// True when something whose place begins with `prefix` is in the set now.
bool AnyIn(const StateView& state, SetName set, std::string_view prefix);

// What to visit: places that begin with `prefix` and are not before `from`, as of `tree_size`
// (kNewest: now, which passes over nothing that has left).
struct SetRange {
  SetName set;
  std::uint64_t tree_size;
  std::string_view prefix;
  std::string_view from;
};
// Calls `visit` with places in order until it returns false. `keys` is how many keys may be looked
// at, and is counted down: when it reaches 0 the visit ends early, and the place at which to go on
// is returned.
std::optional<std::string> VisitSet(const StateView& state, const SetRange& range,
                                    std::size_t& keys,
                                    absl::FunctionRef<bool(std::string_view place)> visit);

// The first text after every place that begins with `place` and '/': where to go on behind it.
std::string After(std::string_view place);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_SETS_H_
