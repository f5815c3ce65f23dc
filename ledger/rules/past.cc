#include "ledger/rules/past.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "assent/v1/index.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// Of the numbers from `first` to `last`, that which is divisible by the greatest power of two.
std::uint64_t NodeOf(std::uint64_t first, std::uint64_t last) {
  const auto bit = std::bit_width((first - 1) ^ last) - 1;
  return last >> bit << bit;
}

// "past/<set>/<audience>/" for a set.
std::string SetPrefix(SetName set) {
  const std::string was = PastPrefix(set);
  return absl::StrCat(AbslView(kPastMark), was.substr(kWasPrefix.size()));
}

std::string NodePrefix(const std::string& set_prefix, std::uint64_t node) {
  return absl::StrCat(set_prefix, IndexDigits(EntryIndex(node)), "/");
}

bool AnyFrom(const StateView& state, const std::string& prefix, const std::string& from) {
  bool any = false;
  state.Scan(prefix, from, [&](std::string_view, std::string_view) {
    any = true;
    return false;
  });
  return any;
}

}  // namespace

std::string IndexKeyFor(std::string_view key, std::string_view value) {
  if (!key.starts_with(kWasPrefix)) return "";
  const auto span = Decode<v1::SpanState>(key, value);
  if (span.since() >= span.until()) StopOnDamagedState(key);
  const std::size_t set_end = key.find('/', kWasPrefix.size());
  const std::size_t audience_end =
      set_end == std::string_view::npos ? set_end : key.find('/', set_end + 1);
  if (audience_end == std::string_view::npos) StopOnDamagedState(key);
  const std::size_t place = audience_end + 1;
  return absl::StrCat(
      NodePrefix(absl::StrCat(AbslView(kPastMark),
                              AbslView(key.substr(kWasPrefix.size(), place - kWasPrefix.size()))),
                 NodeOf(span.since() + 1, span.until())),
      AbslView(key.substr(place)));
}

StateWrites IndexWritesFor(const StateWrites& writes) {
  StateWrites index;
  for (auto at = writes.lower_bound(std::string(kWasPrefix));
       at != writes.end() && at->first.starts_with(kWasPrefix); ++at) {
    if (at->second) index.emplace(IndexKeyFor(at->first, *at->second), *at->second);
  }
  return index;
}

std::vector<std::string> IndexPrefixesAt(const StateView& state, SetName set,
                                         std::uint64_t tree_size) {
  std::vector<std::string> prefixes;
  if (tree_size == 0) return prefixes;
  const std::string set_prefix = SetPrefix(set);
  for (int bit = std::countr_zero(tree_size); bit < 64; ++bit) {
    const std::uint64_t node = ((tree_size >> bit) | 1) << bit;
    std::string prefix = NodePrefix(set_prefix, node);
    // Above the size the nodes double: none is left once nothing stands there.
    const bool above = std::has_single_bit(node) && node > tree_size;
    if (above && !AnyFrom(state, set_prefix, prefix)) break;
    prefixes.push_back(std::move(prefix));
  }
  return prefixes;
}

}  // namespace assent::rules
