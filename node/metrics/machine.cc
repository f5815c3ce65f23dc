#include "node/metrics/machine.h"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace assent::metrics {
namespace {

// `max`: how many there may be.
std::uint64_t CountOpenFds(std::uint64_t max) {
  std::error_code error;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator fds("/proc/self/fd", error);
  if (error == std::errc::too_many_files_open) return max;  // none is left to count the others by
  for (; !error && fds != std::filesystem::directory_iterator(); fds.increment(error)) ++count;
  return count > 0 ? count - 1 : 0;  // not the one that reads the folder
}

// When the machine started, seconds since 1970; 0 when unknown.
double BootSeconds() {
  std::ifstream file("/proc/stat");
  std::string name;
  double value = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    if (words >> name >> value && name == "btime") return value;
  }
  return 0;
}

}  // namespace

// The fields are those of proc(5), /proc/[pid]/stat.
std::optional<ProcessStatus> ReadProcess() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(") ");  // the program's name may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream words(text.substr(name_end + 2));
  const auto skip = [&words](int count) {
    for (std::string word; count > 0; --count) words >> word;
  };
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  std::uint64_t threads = 0;
  std::uint64_t start = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
  skip(11);  // fields 3 to 13
  words >> user >> system;
  skip(4);  // 16 to 19
  words >> threads;
  skip(1);  // 21
  words >> start >> virtual_bytes >> resident_pages;
  if (!words) return std::nullopt;

  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  ProcessStatus status;
  status.cpu_seconds = static_cast<double>(user + system) / ticks;
  status.start_seconds = BootSeconds() + static_cast<double>(start) / ticks;
  status.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  status.virtual_bytes = virtual_bytes;
  status.threads = threads;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) status.fds_max = limit.rlim_cur;
  status.open_fds = CountOpenFds(status.fds_max);
  return status;
}

std::optional<DiskStatus> ReadDisk(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  return DiskStatus{disk.f_blocks * disk.f_frsize, disk.f_bavail * disk.f_frsize};
}

}  // namespace assent::metrics
