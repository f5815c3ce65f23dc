// The path of a static tile, as whoever reads the log writes it.
#include "node/tiles/path.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kTilePathTarget{
    "tile_path", 128,
    [](std::string_view input) {
      const auto path = tiles::ParsePath(input);
      if (!path) return;
      ASSENT_CHECK(tiles::FormatPath(*path) == input);
      ASSENT_CHECK(path->width >= 1 && path->width <= tiles::kTileWidth);
      ASSENT_CHECK(path->level <= tiles::kTileLevelMax);
    },
    [] {
      using enum tiles::TilePath::Kind;
      return std::vector<Seed>{
          {"checkpoint", tiles::FormatPath({})},
          {"hashes", tiles::FormatPath({.kind = kHashes, .level = 1, .index = 1'234'067})},
          {"entries", tiles::FormatPath({.kind = kEntries, .index = 7, .width = 17})}};
    }};

}  // namespace assent::fuzz
