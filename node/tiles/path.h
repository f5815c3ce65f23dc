// Names of static tiles: c2sp.org/tlog-tiles, "Merkle Tree" and "Log Entries".
#ifndef ASSENT_NODE_TILES_PATH_H_
#define ASSENT_NODE_TILES_PATH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assent::tiles {

inline constexpr std::uint32_t kTileWidth = 256;   // hashes or entries of a full tile
inline constexpr std::uint32_t kTileHeight = 8;    // levels of the tree between two of tiles
inline constexpr std::uint32_t kTileLevelMax = 7;  // above it no tree of 64-bit size has a node
inline constexpr std::size_t kPathBytesMax = 64;   // longer than any that names something

struct TilePath {
  enum class Kind { kCheckpoint, kHashes, kEntries };
  Kind kind = Kind::kCheckpoint;
  std::uint32_t level = 0;  // of kHashes
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;  // 1 to kTileWidth; of a partial tile less

  bool partial() const { return width < kTileWidth; }
  bool operator==(const TilePath&) const = default;
};

// "checkpoint", "tile/0/x001/234", "tile/entries/000.p/17": without a slash before it.
std::string FormatPath(const TilePath& path);
// The inverse. Nothing when it names no tile, or not in the one way.
std::optional<TilePath> ParsePath(std::string_view text);

}  // namespace assent::tiles

#endif  // ASSENT_NODE_TILES_PATH_H_
