#include "node/query/blocks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/proto.h"
#include "ledger/receipt/make_proofs.h"
#include "node/query/limits.h"
#include "node/replica/restart.h"

namespace assent::query {

using replica::ReadView;

namespace {

// The act that names the parent and began the block's epoch, when one did.
absl::Status AddRestart(const ReadView& view, const BlockHeader& header, v1::FinalBlock& message) {
  if (header.height == Height(0)) return absl::OkStatus();
  const auto act = view.RestartOn(Height(header.height.value() - 1));
  if (!act.ok()) return act.status();
  if (!*act || (*act)->hash != header.parent || (*act)->epoch != header.epoch) {
    return absl::OkStatus();
  }
  if (message.mutable_restart()->ParseFromString((*act)->act)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the act on block ", header.height.value() - 1, " is damaged"));
}

}  // namespace

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
    const bool certified = !block->certificate.empty();
    const bool closing = block->header.kind == BlockKind::kClosing;
    if (certified) last = height;
    if (!certified && !closing) continue;
    const auto act = view.RestartOn(height);
    if (!act.ok()) return act.status();
    // Behind it another epoch begins. What an act of the members begins on a block without a
    // certificate of its own is shown together with that block.
    if (certified ? closing || act->has_value() : !act->has_value()) break;
  }
  if (last) return BlockRange{from, *last};
  return absl::UnavailableError(
      absl::StrCat("the certificate for block ", from.value(), " is not here yet: try again"));
}

absl::StatusOr<BlockRange> PlanPeerBlocks(const ReadView& view, Height from,
                                          std::uint32_t max_blocks) {
  auto range = PlanBlocks(view, from, max_blocks);
  if (!absl::IsUnavailable(range.status())) return range;
  const auto act = replica::RestartOnTip(view);
  if (!act.ok()) return act.status();
  return *act ? BlockRange{from, view.tip().header.height} : range;
}

absl::StatusOr<v1::FinalBlock> FinalBlockAt(const ReadView& view, const Reader& reader,
                                            Height height) {
  absl::StatusOr<StoredBlock> block = view.BlockAt(height);
  if (!block.ok()) return block.status();
  v1::FinalBlock message;
  message.set_header(std::move(block->header_bytes));
  message.set_certificate(std::move(block->certificate));
  for (std::string& header : block->tail) message.add_tail(std::move(header));
  if (const absl::Status status = AddRestart(view, block->header, message); !status.ok()) {
    return status;
  }
  const auto add = [&](EntryIndex, const EntryPtr& entry) {
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
