#include "ledger/rules/chair.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "assent/v1/membership.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::vector<Term> Terms(const StateView& state) {
  std::vector<Term> terms;
  state.Scan(kChairPrefix, kChairPrefix, [&](std::string_view key, std::string_view value) {
    const auto stored = Decode<v1::ChairTermState>(key, value);
    const auto chair = MemberCode::From(stored.chair());
    std::uint64_t question = 0;
    if (!chair || !absl::SimpleAtoi(AbslView(key.substr(kChairPrefix.size())), &question)) {
      StopOnDamagedState(key);
    }
    const auto member = Load<v1::MemberState>(state, MemberKey(*chair));
    if (member && member->membership() == stored.membership()) {
      terms.push_back({.question = EntryIndex(question),
                       .decided_by = EntryIndex(stored.decided_by()),
                       .chair = *chair,
                       .from = {stored.from_us()},
                       .until = {stored.until_us()}});
    }
    return true;
  });
  return terms;
}

std::optional<MemberCode> ChairAt(const StateView& state, Time time) {
  for (const Term& term : Terms(state)) {
    if (term.from <= time && time < term.until) return term.chair;
  }
  return std::nullopt;
}

}  // namespace assent::rules
