// An entry with where it stands, as a reader may see it.
#ifndef ASSENT_NODE_QUERY_DESCRIBE_H_
#define ASSENT_NODE_QUERY_DESCRIBE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/block/header.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"
#include "node/query/reader.h"
#include "node/replica/store.h"

namespace assent::query {

// Finds the blocks of entries that are asked for in order, each block once. One thread.
class BlockFinder {
 public:
  explicit BlockFinder(const replica::ReadView* view) : view_(view) {}
  // Header of the block that holds the entry. NotFound: there is no such entry.
  absl::StatusOr<BlockHeader> Holding(EntryIndex index);

 private:
  const replica::ReadView* const view_;
  std::optional<BlockHeader> current_;
};

// The entry, whose place is `block`, as of `tree_size`; `visible` is Visible() of it for `reader`:
// without, all that its body tells is left out.
v1::LedgerEntry Describe(const replica::ReadView& view, const Entry& entry, EntryIndex index,
                         const BlockHeader& block, std::uint64_t tree_size, const Reader& reader,
                         const std::optional<rules::Description>& visible);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_DESCRIBE_H_
