// Sets whose order is by state and then by time: <code>/<time>/<index>.
#ifndef ASSENT_LEDGER_QUESTIONS_BY_STATE_H_
#define ASSENT_LEDGER_QUESTIONS_BY_STATE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ledger/questions/page.h"
#include "ledger/questions/snapshot.h"
#include "ledger/rules/sets.h"
#include "ledger/types.h"

namespace assent::questions {

// What stands at one place of such a set.
struct StateTime {
  std::string_view place;
  MemberCode state;
  Time time;
  EntryIndex index;
};

// Stops on a damaged state.
StateTime ParseStateTime(std::string_view place);

// What to visit.
struct StateTimeRange {
  std::string_view set;
  std::span<const std::string_view> types;  // of the records that the set follows from
  std::optional<MemberCode> state;          // only of this one
  Time first{0};                            // from this time on
  std::optional<Time> end;                  // and before this one
};

// Calls `visit` in order from page.from() on, for each state in the set of those bodies that the
// reader may see, until it returns false or the page has looked at enough.
void VisitByState(const Snapshot& ledger, const Sight& sight, const StateTimeRange& range,
                  Page& page, absl::FunctionRef<bool(const StateTime& at)> visit);

// The state that a question names; nothing when it names none. InvalidArgument: no code.
absl::StatusOr<std::optional<MemberCode>> StateOf(const std::string& text);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_BY_STATE_H_
