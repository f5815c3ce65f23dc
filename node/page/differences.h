// What one text has that another has not, line by line.
#ifndef ASSENT_NODE_PAGE_DIFFERENCES_H_
#define ASSENT_NODE_PAGE_DIFFERENCES_H_

#include <optional>
#include <string_view>
#include <vector>

namespace assent::page {

enum class LineFate { kKept, kRemoved, kAdded };

struct Line {
  LineFate fate;
  std::string_view text;  // without its end

  bool operator==(const Line&) const = default;
};

// Lines of both texts in order: the longest common subsequence is kept, and where lines are
// replaced those that are removed come first. Views into the texts. Nothing when the texts have
// more lines than kDifferencesCellsMax allows.
std::optional<std::vector<Line>> Differences(std::string_view before, std::string_view after);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_DIFFERENCES_H_
