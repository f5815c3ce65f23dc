#include "node/tiles/content.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "ledger/entry/entry.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "node/query/proofs.h"

namespace assent::tiles {
namespace {

static_assert(kLeafBytesMax <= std::numeric_limits<std::uint16_t>::max());

absl::StatusOr<std::string> ReadHashes(const replica::ReadView& view, std::uint32_t level,
                                       std::uint64_t first, std::uint64_t end) {
  std::string bytes;
  bytes.reserve((end - first) * Hash::kSize);
  for (std::uint64_t index = first; index < end; ++index) {
    const auto hash = view.MerkleNodeAt(static_cast<std::uint8_t>(level * kTileHeight), index);
    if (!hash.ok()) return hash.status();
    bytes += hash->view();
  }
  return bytes;
}

absl::StatusOr<std::string> ReadLeaves(const replica::ReadView& view, std::uint64_t first,
                                       std::uint64_t end) {
  std::string bytes;
  const auto add = [&](EntryIndex, const EntryPtr& entry) {
    const std::string leaf = LeafData(entry->header_bytes(), entry->signature());
    bytes += static_cast<char>(leaf.size() >> 8);
    bytes += static_cast<char>(leaf.size() & 0xFF);
    bytes += leaf;
    return true;
  };
  const absl::Status scanned = view.ScanEntries(EntryIndex(first), EntryIndex(end), add);
  if (!scanned.ok()) return scanned;
  return bytes;
}

}  // namespace

std::uint64_t HashesOfLevel(std::uint64_t tree_size, std::uint32_t level) {
  return tree_size >> (level * kTileHeight);
}

absl::StatusOr<std::string> ReadTile(const replica::ReadView& view, const std::string& origin,
                                     const TilePath& path) {
  if (path.kind == TilePath::Kind::kCheckpoint) {
    auto checkpoint = query::PublicCheckpoint(view, origin);
    if (!checkpoint.ok()) return checkpoint.status();
    return std::string(ForStockReaders(checkpoint->note()));
  }
  const bool hashes = path.kind == TilePath::Kind::kHashes;
  const std::uint64_t there = HashesOfLevel(view.tip().header.tree_size, hashes ? path.level : 0);
  // Without overflow: an index comes from outside.
  if (path.index > there / kTileWidth || there - path.index * kTileWidth < path.width) {
    return absl::NotFoundError("there is no such tile yet");
  }
  const std::uint64_t first = path.index * kTileWidth;
  if (hashes) return ReadHashes(view, path.level, first, first + path.width);
  return ReadLeaves(view, first, first + path.width);
}

}  // namespace assent::tiles
