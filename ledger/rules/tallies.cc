#include "ledger/rules/tallies.h"

#include <algorithm>

#include "assent/v1/index.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

void Set(StateOverlay& state, const TallyName& tally, std::uint64_t value, EntryIndex by) {
  v1::TallyState stored;
  stored.set_value(value);
  Save(state, TallyKey(tally, by), stored);
}

}  // namespace

void Add(StateOverlay& state, const TallyName& tally, std::uint64_t number, EntryIndex by) {
  Set(state, tally, ValueAt(state, tally, kNewest) + number, by);
}

void Subtract(StateOverlay& state, const TallyName& tally, std::uint64_t number, EntryIndex by) {
  const std::uint64_t value = ValueAt(state, tally, kNewest);
  Set(state, tally, value - std::min(value, number), by);
}

std::uint64_t ValueAt(const StateView& state, const TallyName& tally, std::uint64_t tree_size) {
  if (tree_size == 0) return 0;
  std::uint64_t value = 0;
  // The newest value comes first.
  state.Scan(TallyPrefix(tally), TallyKey(tally, EntryIndex(tree_size - 1)),
             [&](std::string_view key, std::string_view stored) {
               value = Decode<v1::TallyState>(key, stored).value();
               return false;
             });
  return value;
}

}  // namespace assent::rules
