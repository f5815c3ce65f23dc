// An index over what has left sets (sets.h), so that an answer as of an old size of the log costs
// what it says and not what has come and gone since. It follows from the keys "was/..." of the
// state and is no part of it: no digest covers it, and who does not keep it gets the same answers
// by reading over more keys.
//
// clang-format off
//   past/                                               empty: the index is whole
//   past/<set>/<audience>/<node>/<place>/<since>        SpanState, as under "was/<set>/<audience>/<place>/<since>"
// clang-format on
//
// What entered by entry <since> and left by entry <until> was in the set at the sizes since + 1 to
// until. Its node is the one of these numbers that is divisible by the greatest power of two: an
// interval tree (Edelsbrunner 1980) over the sizes, with one key for each thing. Whatever was in a
// set at a size is under that size's nodes, one for each power of two, and all that is under one
// node was in the set at once: the node's own number.
#ifndef ASSENT_LEDGER_RULES_PAST_H_
#define ASSENT_LEDGER_RULES_PAST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/block/digests.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/state.h"

namespace assent::rules {

inline constexpr std::string_view kPastMark = "past/";
inline constexpr std::string_view kWasPrefix = "was/";  // of all keys that the index follows from

// The key of the index for a key and value of the state; empty when it needs none.
std::string IndexKeyFor(std::string_view key, std::string_view value);
// What the index gets by these writes, the mark excepted.
StateWrites IndexWritesFor(const StateWrites& writes);

// The prefixes, before places, under which what was in the set at `tree_size` stands.
std::vector<std::string> IndexPrefixesAt(const StateView& state, SetName set,
                                         std::uint64_t tree_size);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_PAST_H_
