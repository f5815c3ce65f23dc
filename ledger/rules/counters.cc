#include "ledger/rules/counters.h"

#include "assent/v1/state.pb.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

void SetCount(StateOverlay& state, std::string_view key, std::uint64_t count) {
  v1::CountState stored;
  stored.set_count(count);
  Save(state, key, stored);
}

}  // namespace

std::uint64_t CountAt(const StateView& state, std::string_view key) {
  const auto stored = Load<v1::CountState>(state, key);
  return stored ? stored->count() : 0;
}

void Increase(StateOverlay& state, std::string_view key, std::uint64_t by) {
  SetCount(state, key, CountAt(state, key) + by);
}

void Decrease(StateOverlay& state, std::string_view key, std::uint64_t by) {
  const std::uint64_t count = CountAt(state, key);
  if (count <= by) {
    state.Remove(key);
  } else {
    SetCount(state, key, count - by);
  }
}

}  // namespace assent::rules
