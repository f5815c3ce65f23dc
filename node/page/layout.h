// What all HTML pages have round them.
#ifndef ASSENT_NODE_PAGE_LAYOUT_H_
#define ASSENT_NODE_PAGE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "node/page/html.h"

namespace assent::page {

struct Frame {
  std::string_view origin;  // the ledger's name
  std::string_view code;    // whose node answers; may be empty
  std::string_view path;    // of the view in the menu that is shown
  std::string_view title;
  std::uint64_t tree_size;  // entries when it was made: what is newer comes by events
  std::uint64_t height;
  std::int64_t time_us;     // of that block
  bool live;                // shown anew when an entry becomes final
  std::string_view reader;  // to whom it is shown, in words; empty: to anybody
  std::int64_t until_us;    // for how long, if not to anybody
};

std::string Document(const Frame& frame, const Html& main);

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_LAYOUT_H_
