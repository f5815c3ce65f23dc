// Where nodes of one ledger differ: the first block, and the first key of the state. What they say
// is compared, not proved: who of them is right, an audit shows.
#ifndef ASSENT_CLIENT_COMPARISON_H_
#define ASSENT_CLIENT_COMPARISON_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/comparison.pb.h"
#include "ledger/bytes.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/types.h"

namespace assent::client {

// The block of a node at a height, header and entries; nodes are counted from 0.
using BlockAt = std::function<absl::StatusOr<v1::FinalBlock>(std::size_t node, Height height)>;

struct BlockDifference {
  Height height;
  std::vector<NamedHeader> headers;  // of each node
  // Each field that is not the same everywhere, with its value at each node; at least one.
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;
  // The first entry of the block that is not the same everywhere: its index, and who it is by
  // ("FRA/7") at each node, "none" where there is none. Nothing when the entries are the same.
  std::optional<std::pair<EntryIndex, std::vector<std::string>>> entry;
};

// The first block up to `common` that `nodes` nodes do not have alike; nothing when they have all
// alike, as each block names its parent. Asks about log2(common) times.
absl::StatusOr<std::optional<BlockDifference>> FindBlockDifference(std::size_t nodes, Height common,
                                                                   const LedgerId& ledger,
                                                                   const BlockAt& block_at);

// A page of the state of a node from a key on.
using StatePageAt = std::function<absl::StatusOr<v1::ListStateKeysResponse>(
    std::size_t node, const std::string& from_key)>;

struct KeyDifference {
  std::string key;
  std::vector<std::string> values;  // at each node: hash of the value in hex, or "none"
};
struct StateComparison {
  Height height;
  std::uint64_t keys = 0;  // that are the same everywhere, up to the first that is not
  std::optional<KeyDifference> first;
};

// Unavailable, and `moved`: not all pages were of one height, as the ledger goes on. Errors of
// `page_at` are passed on.
absl::StatusOr<StateComparison> CompareStates(std::size_t nodes, const StatePageAt& page_at,
                                              bool* moved);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMPARISON_H_
