// Is compiled by nobody: tests/tidy/run looks whether this is found, since checks that see nothing
// find nothing.
#include <string>
#include <utility>

namespace assent {

// A text that was moved away is read again.
std::size_t MovedAndRead(std::string text) {
  const std::string taken = std::move(text);
  return text.size() + taken.size();
}

}  // namespace assent
