// What the operating system tells is what this process knows of itself.
#include "node/metrics/machine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <vector>

namespace assent::metrics {
namespace {

double Now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

TEST(MachineTest, TheProcessIsThisOne) {
  const auto process = ReadProcess();
  ASSERT_TRUE(process);
  EXPECT_GE(process->threads, 1u);
  EXPECT_GT(process->resident_bytes, 1'000'000u);
  EXPECT_GT(process->virtual_bytes, process->resident_bytes);
  EXPECT_GT(process->fds_max, process->open_fds);
  // The start is told in ticks since the machine's, which is told in whole seconds.
  EXPECT_LT(process->start_seconds, Now() + 2);
  EXPECT_GT(process->start_seconds, Now() - 3'600);
}

TEST(MachineTest, OpenFilesAreCounted) {
  const auto before = ReadProcess();
  std::vector<int> files;
  for (int i = 0; i < 7; ++i) files.push_back(::open("/dev/null", O_RDONLY));
  const auto after = ReadProcess();
  for (const int file : files) ::close(file);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->open_fds, before->open_fds + 7);
}

TEST(MachineTest, AllFilesAreOpenWhenNoneIsLeftToCountThem) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::open("/dev/null", O_RDONLY);
  ASSERT_GE(next, 0);
  ::close(next);
  // One more may be open: it is taken by what the rest is read from.
  const rlimit low{static_cast<rlim_t>(next) + 1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto process = ReadProcess();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(process);
  EXPECT_EQ(process->fds_max, low.rlim_cur);
  EXPECT_EQ(process->open_fds, process->fds_max);
}

TEST(MachineTest, ProcessorTimeIsSpent) {
  const auto before = ReadProcess();
  ASSERT_TRUE(before);
  const std::clock_t start = std::clock();
  volatile std::uint64_t work = 0;
  while (std::clock() - start < CLOCKS_PER_SEC / 10) work = work + 1;
  EXPECT_GE(ReadProcess()->cpu_seconds, before->cpu_seconds + 0.05);
}

TEST(MachineTest, TheDiskOfAFolder) {
  const auto disk = ReadDisk("/");
  ASSERT_TRUE(disk);
  EXPECT_GT(disk->size_bytes, 0u);
  EXPECT_LE(disk->free_bytes, disk->size_bytes);
  EXPECT_FALSE(ReadDisk("/nowhere/at/all"));
}

}  // namespace
}  // namespace assent::metrics
