// assent-node tiles: static tiles as files, for any web server.
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/files.h"
#include "node/commands/command.h"
#include "node/tiles/content.h"
#include "node/tiles/path.h"

namespace assent::node {
namespace {

namespace fs = std::filesystem;
using tiles::TilePath;

// Writes files that are not there yet. What a full tile's name stands for never changes.
class TileFiles {
 public:
  TileFiles(const replica::ReadView& view, const std::string& origin, fs::path folder)
      : view_(view), origin_(origin), folder_(std::move(folder)) {}

  // The tiles of one kind and level, of which there are so many hashes or entries.
  absl::Status WriteAll(TilePath path, std::uint64_t items) {
    for (path.index = 0; path.index < items / tiles::kTileWidth; ++path.index) {
      std::error_code error;
      if (fs::exists(folder_ / FormatPath(path), error)) continue;
      if (auto status = Write(path); !status.ok()) return status;
    }
    path.width = static_cast<std::uint32_t>(items % tiles::kTileWidth);
    return path.width == 0 ? absl::OkStatus() : Write(path);
  }

  absl::Status Write(const TilePath& path) {
    const auto content = tiles::ReadTile(view_, origin_, path);
    if (!content.ok()) return content.status();
    const fs::path file = folder_ / FormatPath(path);
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) {
      return absl::InternalError(
          absl::StrCat("cannot make ", file.parent_path().string(), ": ", error.message()));
    }
    ++written_;
    return client::ReplaceFile(file.string(), *content, client::kPublicMode);
  }

  std::uint64_t written() const { return written_; }

 private:
  const replica::ReadView& view_;
  const std::string& origin_;
  const fs::path folder_;
  std::uint64_t written_ = 0;
};

// The checkpoint comes last: whoever reads the folder meanwhile finds all that the one there needs.
absl::Status WriteTree(TileFiles& files, std::uint64_t size) {
  absl::Status status = files.WriteAll({.kind = TilePath::Kind::kEntries}, size);
  for (std::uint32_t level = 0; status.ok() && level <= tiles::kTileLevelMax; ++level) {
    status = files.WriteAll({.kind = TilePath::Kind::kHashes, .level = level},
                            tiles::HashesOfLevel(size, level));
  }
  if (status.ok()) status = files.Write({.kind = TilePath::Kind::kCheckpoint});
  return status;
}

}  // namespace

int ExportTiles(const std::string& path, const std::string& folder) {
  auto loaded = Load(path);
  if (!loaded.ok()) return Refuse(loaded.status());
  const auto& [config, identity] = *loaded;
  storage::OpenOptions options = OptionsFor(config, identity);
  options.read_only = true;
  const auto store = storage::RocksStore::Open(options);
  if (!store.ok()) return Refuse(store.status());
  const auto view = (*store)->Read();
  const auto checkpoint = view->PublicCheckpoint();
  if (!checkpoint) {
    return Refuse(absl::NotFoundError("no checkpoint has been signed by a quorum yet"));
  }
  TileFiles files(*view, identity.act.text.origin, folder);
  if (auto status = WriteTree(files, checkpoint->tree_size); !status.ok()) return Refuse(status);
  std::printf("wrote %" PRIu64 " files for %" PRIu64 " entries below %s\n", files.written(),
              checkpoint->tree_size, folder.c_str());
  return kDone;
}

}  // namespace assent::node
