// What the operating system says of this process, and of the disk that holds the data.
#ifndef ASSENT_NODE_METRICS_MACHINE_H_
#define ASSENT_NODE_METRICS_MACHINE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace assent::metrics {

struct ProcessStatus {
  double cpu_seconds = 0;    // of all threads, user and system
  double start_seconds = 0;  // since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t fds_max = 0;  // the soft limit
};

// Nothing when /proc does not tell. Any thread.
std::optional<ProcessStatus> ReadProcess();

struct DiskStatus {
  std::uint64_t size_bytes = 0;
  std::uint64_t free_bytes = 0;  // for who is not root
};

// The file system of `folder`; nothing when it cannot be asked. Any thread.
std::optional<DiskStatus> ReadDisk(const std::string& folder);

}  // namespace assent::metrics

#endif  // ASSENT_NODE_METRICS_MACHINE_H_
