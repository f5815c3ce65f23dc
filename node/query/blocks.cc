#include "node/query/blocks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/proto.h"
#include "node/query/limits.h"

namespace assent::query {

using replica::ReadView;
using replica::StoredBlock;

absl::StatusOr<BlockRange> PlanBlocks(const ReadView& view, Height from, std::uint32_t max_blocks) {
  const Height newest = view.tip().header.height;
  if (from.value() == 0) {
    return absl::InvalidArgumentError(
        "from_height is 0: blocks begin at 1, height 0 is the founding act");
  }
  if (from > newest) {
    return absl::OutOfRangeError(absl::StrCat(
        "block ", from.value(), " is not final at this node yet: its newest is ", newest.value()));
  }
  const std::uint64_t wanted =
      max_blocks == 0 ? kAuditBlocksMax : std::min(max_blocks, kAuditBlocksMax);
  std::optional<Height> last;
  for (Height height = from; height <= newest; height = height.next()) {
    const std::uint64_t blocks = height.value() - from.value() + 1;
    if (blocks > wanted && (last || blocks > wanted + kDescendantsMax)) break;
    const absl::StatusOr<StoredBlock> block = view.BlockAt(height);
    if (!block.ok()) return block.status();
    if (!block->certificate.empty()) last = height;
    if (block->header.kind == BlockKind::kClosing) break;
  }
  if (last) return BlockRange{from, *last};
  return absl::UnavailableError(
      absl::StrCat("the certificate for block ", from.value(), " is not here yet: try again"));
}

absl::StatusOr<v1::FinalBlock> FinalBlockAt(const ReadView& view, const Reader& reader,
                                            Height height) {
  absl::StatusOr<StoredBlock> block = view.BlockAt(height);
  if (!block.ok()) return block.status();
  v1::FinalBlock message;
  message.set_header(std::move(block->header_bytes));
  message.set_certificate(std::move(block->certificate));
  for (std::string& header : block->tail) message.add_tail(std::move(header));
  const auto add = [&](EntryIndex, const replica::EntryPtr& entry) {
    const bool visible = Visible(*entry, reader).has_value();
    *message.add_entries() = visible ? ToProto(*entry) : ToProto(entry->WithoutBody());
    return true;
  };
  const absl::Status scanned =
      view.ScanEntries(block->header.first_index, EntryIndex(block->header.tree_size), add);
  if (!scanned.ok()) return scanned;
  return message;
}

}  // namespace assent::query
