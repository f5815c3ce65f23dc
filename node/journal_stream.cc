#include "node/journal_stream.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"

namespace assent::node {

bool IsJournal(int descriptor, std::string_view journal_stream) {
  struct stat about {};
  if (journal_stream.empty() || ::fstat(descriptor, &about) != 0) return false;
  return journal_stream == absl::StrCat(about.st_dev, ":", about.st_ino);
}

}  // namespace assent::node
