#include "ledger/questions/by_state.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/set_visit.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

// Visits the places that begin with `prefix`, skipping over what is out of the range of time. False
// when the visit is over.
bool VisitStates(const Snapshot& ledger, const StateTimeRange& range, rules::Audience audience,
                 const std::string& prefix, Page& page,
                 absl::FunctionRef<bool(const StateTime& at)> visit) {
  const auto skip = [&](std::string_view place) -> std::optional<std::string> {
    const StateTime at = ParseStateTime(place);
    if (at.time < range.first) {
      return absl::StrCat(at.state.str(), "/", rules::TimeDigits(range.first));
    }
    if (range.end && at.time >= *range.end) return rules::After(at.state.str());
    return std::nullopt;
  };
  bool over = false;
  const auto stopped = rules::VisitSetSkipping(ledger.state,
                                               {.set = {range.set, audience},
                                                .tree_size = ledger.tree_size,
                                                .prefix = prefix,
                                                .from = page.from()},
                                               skip, page.keys(), [&](std::string_view place) {
                                                 over = !visit(ParseStateTime(place));
                                                 return !over;
                                               });
  if (stopped) page.EndAt(*stopped);
  return !stopped && !over;
}

}  // namespace

StateTime ParseStateTime(std::string_view place) {
  const std::size_t code_end = place.find('/');
  const std::size_t time_end = place.rfind('/');
  const auto state = MemberCode::From(place.substr(0, code_end));
  StateTime at{.place = place, .state = {}, .time = {}, .index = {}};
  std::uint64_t index = 0;
  if (!state || time_end == code_end ||
      !absl::SimpleAtoi(AbslView(place.substr(code_end + 1, time_end - code_end - 1)),
                        &at.time.us) ||
      !absl::SimpleAtoi(AbslView(place.substr(time_end + 1)), &index)) {
    rules::StopOnDamagedState(place);
  }
  at.state = *state;
  at.index = EntryIndex(index);
  return at;
}

void VisitByState(const Snapshot& ledger, const Sight& sight, const StateTimeRange& range,
                  Page& page, absl::FunctionRef<bool(const StateTime& at)> visit) {
  const auto visit_state = [&](const MemberCode& code) {
    return VisitStates(ledger, range, sight.Of(code, range.types), absl::StrCat(code.str(), "/"),
                       page, visit);
  };
  if (range.state) {
    visit_state(*range.state);
  } else if (sight.is_even()) {
    VisitStates(ledger, range, sight.Of(MemberCode(), range.types), "", page, visit);
  } else {
    // Each state's records are seen, or not, by themselves.
    for (const auto& [code, head] : rules::AllHeads(ledger.state)) {
      if (!visit_state(code)) return;
    }
  }
}

absl::StatusOr<std::optional<MemberCode>> StateOf(const std::string& text) {
  if (text.empty()) return std::optional<MemberCode>();
  auto code = MemberCode::From(text);
  if (!code) {
    return absl::InvalidArgumentError("state is not the code of a state: 3 to 8 letters A-Z");
  }
  return code;
}

}  // namespace assent::questions
