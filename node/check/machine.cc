// Clock, disk, limits.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "node/check/check.h"
#include "node/descriptors.h"
#include "node/system_clock.h"

namespace assent::check {
namespace {

// A ledger that is used grows by less in a month.
constexpr std::uint64_t kDiskFreeBytesMin = 1'024ULL * 1'024 * 1'024;
constexpr std::uint64_t kInodesFreeMin = 10'000;
// Each vote waits for a sync: with more than this views take longer than they need.
constexpr std::chrono::milliseconds kSyncSlow{50};
constexpr int kSyncs = 9;  // the middle one counts
constexpr std::size_t kSyncBytes = 4'096;

// The newest time that is known to have been.
void CheckClock(const Subject& subject, Report& report) {
  if (!subject.act) {
    report.NotRun("clock", "needs the founding act");
    return;
  }
  const Time now = node::SystemClock().Wall();
  const Duration skew = subject.act->text.parameters.max_clock_skew;
  Time past = subject.act->text.founded;
  std::string of = "the ledger was founded";
  if (subject.standing && subject.standing->time > past) {
    past = subject.standing->time;
    of = "of the newest block";
  }
  if (now + skew < past) {
    report.Wrong("clock",
                 absl::StrCat("it is ", FormatTime(now), " here, before the time ", of, ", ",
                              FormatTime(past)),
                 "set the clock, and have it kept right by NTP");
    return;
  }
  timex state{};
  const int kept = ::adjtimex(&state);
  if (kept < 0 || kept == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    report.Note("clock",
                absl::StrCat(FormatTime(now),
                             ", which is possible; that it is kept right the system does not say"),
                absl::StrCat("run an NTP client (chrony, systemd-timesyncd): blocks more than ",
                             skew.us / 1'000'000, " s off are not voted for"));
    return;
  }
  report.Good("clock", absl::StrCat(FormatTime(now), ", kept right as the system says"));
}

void CheckSpace(const std::string& folder, Report& report) {
  struct statfs disk {};
  if (::statfs(folder.c_str(), &disk) != 0) {
    report.NotRun("disk space",
                  absl::StrCat("cannot ask for it at ", folder, ": ", std::strerror(errno)));
    return;
  }
  const std::uint64_t free = disk.f_bavail * static_cast<std::uint64_t>(disk.f_bsize);
  const std::string says = absl::StrCat(free / (1'024 * 1'024), " MiB free at ", folder);
  if (free < kDiskFreeBytesMin) {
    report.Wrong("disk space", says,
                 absl::StrCat("have at least ", kDiskFreeBytesMin / (1'024 * 1'024),
                              " MiB: a node whose disk is full stops"));
  } else if (disk.f_files > 0 && disk.f_ffree < kInodesFreeMin) {
    report.Wrong("disk space",
                 absl::StrCat("only ", disk.f_ffree, " files more can be made at ", folder),
                 absl::StrCat("have at least ", kInodesFreeMin, " inodes free"));
  } else if (disk.f_type == TMPFS_MAGIC) {
    report.Note("disk space", absl::StrCat(says, ", in memory: all is gone when the power goes"),
                "put data_dir on a disk");
  } else {
    report.Good("disk space", says);
  }
}

// Writes and syncs a file that has no name, so that nothing is left of it.
void CheckSync(const std::string& folder, Report& report) {
  const auto failed = [&](const char* what) {
    report.Wrong("disk sync",
                 absl::StrCat("cannot ", what, " a file in ", folder, ": ", std::strerror(errno)),
                 "mend the disk, or mount it writable for the user that the node runs as");
  };
  std::string path = folder + "/check-XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return failed("make");
  ::unlink(path.c_str());
  std::array<std::chrono::steady_clock::duration, kSyncs> took{};
  const std::string block(kSyncBytes, 'x');
  const char* fault = nullptr;
  for (auto& one : took) {
    const auto start = std::chrono::steady_clock::now();
    if (::write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size())) {
      fault = "write";
    } else if (::fdatasync(fd) != 0) {
      fault = "sync";
    }
    if (fault != nullptr) break;
    one = std::chrono::steady_clock::now() - start;
  }
  if (fault != nullptr) {
    failed(fault);
    ::close(fd);
    return;
  }
  ::close(fd);
  std::sort(took.begin(), took.end());
  const auto middle = took[kSyncs / 2];
  const std::string says =
      absl::StrFormat("writing a block to the disk takes %.1f ms",
                      std::chrono::duration<double, std::milli>(middle).count());
  if (middle > kSyncSlow) {
    report.Note("disk sync", says, "take a faster disk: every vote waits for it");
  } else {
    report.Good("disk sync", says);
  }
}

void CheckOpenFiles(Report& report) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    report.NotRun("open files", std::strerror(errno));
  } else if (limit.rlim_max < node::kDescriptorsMin) {
    report.Wrong("open files",
                 absl::StrCat("at most ", limit.rlim_max, " may be open for who runs this"),
                 absl::StrCat("raise the hard limit (LimitNOFILE, ulimit -Hn) to ",
                              node::kDescriptorsMin, " or more"));
  } else {
    report.Good("open files",
                absl::StrCat("at most ", limit.rlim_max, " may be open for who runs this"));
  }
}

}  // namespace

void CheckMachine(const Subject& subject, Report& report) {
  CheckClock(subject, report);
  const std::string& folder = subject.config.data_dir;
  if (folder.empty() || ::access(folder.c_str(), F_OK) != 0) {
    report.NotRun("disk space", "needs the data folder");
    report.NotRun("disk sync", "needs the data folder");
  } else {
    CheckSpace(folder, report);
    CheckSync(folder, report);
  }
  CheckOpenFiles(report);
}

}  // namespace assent::check
