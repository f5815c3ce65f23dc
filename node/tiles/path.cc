#include "node/tiles/path.h"

#include <charconv>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace assent::tiles {
namespace {

constexpr std::string_view kCheckpoint = "checkpoint";
constexpr std::string_view kTile = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr std::uint64_t kGroup = 1'000;  // an index is written in groups of three digits

std::string FormatIndex(std::uint64_t index) {
  std::string text = absl::StrFormat("%03u", index % kGroup);
  while ((index /= kGroup) > 0) text = absl::StrFormat("x%03u/", index % kGroup) + text;
  return text;
}

// Digits only; nothing when they are none or too many.
std::optional<std::uint64_t> ParseNumber(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

// Whether the groups have three digits, the comparison with FormatPath shows.
std::optional<std::uint64_t> ParseIndex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != 'x' && c != '/') digits += c;
  }
  return ParseNumber(digits);
}

std::optional<TilePath> ParseTile(std::string_view text) {
  TilePath path;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view level = text.substr(0, slash);
  if (level == kEntries) {
    path.kind = TilePath::Kind::kEntries;
  } else {
    path.kind = TilePath::Kind::kHashes;
    const auto number = ParseNumber(level);
    if (!number || *number > kTileLevelMax) return std::nullopt;
    path.level = static_cast<std::uint32_t>(*number);
  }
  std::string_view index = text.substr(slash + 1);
  if (const std::size_t at = index.find(kPartial); at != std::string_view::npos) {
    const auto width = ParseNumber(index.substr(at + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    path.width = static_cast<std::uint32_t>(*width);
    index = index.substr(0, at);
  }
  const auto number = ParseIndex(index);
  if (!number) return std::nullopt;
  path.index = *number;
  return path;
}

}  // namespace

std::string FormatPath(const TilePath& path) {
  if (path.kind == TilePath::Kind::kCheckpoint) return std::string(kCheckpoint);
  std::string text(kTile);
  if (path.kind == TilePath::Kind::kEntries) {
    text += kEntries;
  } else {
    absl::StrAppend(&text, path.level);
  }
  text += '/' + FormatIndex(path.index);
  if (path.partial()) text += std::string(kPartial) + std::to_string(path.width);
  return text;
}

std::optional<TilePath> ParsePath(std::string_view text) {
  if (text == kCheckpoint) return TilePath{};
  if (text.size() > kPathBytesMax || !text.starts_with(kTile)) return std::nullopt;
  const auto path = ParseTile(text.substr(kTile.size()));
  if (!path || FormatPath(*path) != text) return std::nullopt;
  return path;
}

}  // namespace assent::tiles
