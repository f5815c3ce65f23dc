// What is in a static tile: hashes of the tree or leaves of the log, which are public to all.
#ifndef ASSENT_NODE_TILES_CONTENT_H_
#define ASSENT_NODE_TILES_CONTENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "node/replica/store.h"
#include "node/tiles/path.h"

namespace assent::tiles {

// Any thread. Bytes of a tile: kTileWidth hashes of 32 bytes, or entries as u16 big-endian length
// || leaf data; of a checkpoint the signed note under `origin`. At most 16 MiB, in practice 8 KiB
// and 100 KiB. NotFound: it is not there yet. DataLoss: the database is damaged.
absl::StatusOr<std::string> ReadTile(const replica::ReadView& view, const std::string& origin,
                                     const TilePath& path);

// How many hashes tiles of this level have in a tree of so many entries.
std::uint64_t HashesOfLevel(std::uint64_t tree_size, std::uint32_t level);

}  // namespace assent::tiles

#endif  // ASSENT_NODE_TILES_CONTENT_H_
