#include "node/page/differences.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "node/page/limits.h"

namespace assent::page {
namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::optional<std::vector<Line>> Differences(std::string_view before, std::string_view after) {
  const std::vector<std::string_view> old_lines = Lines(before);
  const std::vector<std::string_view> new_lines = Lines(after);
  const std::size_t width = new_lines.size() + 1;
  if ((old_lines.size() + 1) * width > kDifferencesCellsMax) return std::nullopt;
  // common[i * width + j]: how many lines old_lines[i..] and new_lines[j..] have in common at most.
  std::vector<std::uint16_t> common((old_lines.size() + 1) * width, 0);
  for (std::size_t i = old_lines.size(); i-- > 0;) {
    for (std::size_t j = new_lines.size(); j-- > 0;) {
      const std::size_t at = i * width + j;
      common[at] = old_lines[i] == new_lines[j]
                       ? static_cast<std::uint16_t>(common[at + width + 1] + 1)
                       : std::max(common[at + width], common[at + 1]);
    }
  }
  std::vector<Line> lines;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old_lines.size() || j < new_lines.size()) {
    const std::size_t at = i * width + j;
    if (i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
      lines.push_back({LineFate::kKept, new_lines[j]});
      ++i;
      ++j;
    } else if (i < old_lines.size() &&
               (j == new_lines.size() || common[at + width] >= common[at + 1])) {
      lines.push_back({LineFate::kRemoved, old_lines[i++]});
    } else {
      lines.push_back({LineFate::kAdded, new_lines[j++]});
    }
  }
  return lines;
}

}  // namespace assent::page
