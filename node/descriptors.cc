#include "node/descriptors.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "absl/strings/str_cat.h"

namespace assent::node {

absl::StatusOr<std::uint64_t> RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "cannot read the limit of open files");
  }
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "cannot raise the limit of open files");
  }
  if (limit.rlim_max < kDescriptorsMin) {
    return absl::FailedPreconditionError(
        absl::StrCat("at most ", limit.rlim_max,
                     " files and connections may be open, which is too "
                     "few: raise the hard limit (ulimit -Hn, LimitNOFILE) to ",
                     kDescriptorsMin, " or more"));
  }
  return std::min<std::uint64_t>(limit.rlim_max, std::numeric_limits<int>::max());
}

int LowestFreeDescriptor() {
  const int lowest = ::eventfd(0, EFD_CLOEXEC);
  if (lowest < 0) return std::numeric_limits<int>::max();
  ::close(lowest);
  return lowest;
}

}  // namespace assent::node
