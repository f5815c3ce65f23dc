// Files that pages refer to, as they are in assets/.
#ifndef ASSENT_NODE_PAGE_ASSETS_H_
#define ASSENT_NODE_PAGE_ASSETS_H_

#include <string_view>
#include <vector>

namespace assent::page {

struct Asset {
  std::string_view name;     // "page.css"
  std::string_view version;  // changes with the content
  std::string_view content;
};

// Made by cmake/EmbedFiles.cmake.
const std::vector<Asset>& Assets();

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_ASSETS_H_
