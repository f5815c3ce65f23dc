// The log of inspectors' reads: nothing of it is lost, and its size is bounded.
#include "node/inspection/read_log.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::inspection {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::InspectorRead Read(const std::string& asked, std::uint64_t bodies = 1) {
  v1::InspectorRead read;
  read.set_time("2026-01-01T00:00:00Z");
  read.set_height(7);
  read.set_key("ab");
  read.add_accreditations(3);
  read.set_method("ListEntries");
  read.set_asked(asked);
  read.set_bodies(bodies);
  return read;
}

class ReadLogTest : public ::testing::Test {
 protected:
  std::unique_ptr<ReadLog> Open(std::size_t file_bytes_max = kReadLogFileBytesMax,
                                std::size_t files_max = kReadLogFilesMax) {
    auto log = ReadLog::Open(
        path_, [this](const absl::Status& why) { failures_.emplace_back(why.message()); },
        file_bytes_max, files_max);
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }
  std::vector<std::string> Asked() {
    std::vector<std::string> asked;
    const auto damaged =
        ReadAll(path_, [&](const v1::InspectorRead& read) { asked.push_back(read.asked()); });
    EXPECT_TRUE(damaged.ok()) << damaged.status();
    damaged_ = damaged.value_or(0);
    return asked;
  }

  const storage::Scratch scratch_;
  const std::string path_ = scratch_.path("inspections.log");
  std::vector<std::string> failures_;
  std::size_t damaged_ = 0;
};

TEST_F(ReadLogTest, KeepsWhatWasRead) {
  auto log = Open();
  ASSERT_TRUE(log->Append(Read("{\"author\":\"FRA\"}\n\x7f")).ok());
  std::vector<v1::InspectorRead> found;
  ASSERT_TRUE(ReadAll(path_, [&](const v1::InspectorRead& read) { found.push_back(read); }).ok());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].SerializeAsString(), Read("{\"author\":\"FRA\"}\n\x7f").SerializeAsString());
}

TEST_F(ReadLogTest, IsForItsOwnerOnly) {
  const auto log = Open();
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(ReadLogTest, GoesOnWhereItWas) {
  ASSERT_TRUE(Open()->Append(Read("1")).ok());
  ASSERT_TRUE(Open()->Append(Read("2", 0)).ok());
  EXPECT_THAT(Asked(), ElementsAre("1", "2"));
}

TEST_F(ReadLogTest, PassesOverALineThatWasCutOff) {
  ASSERT_TRUE(Open()->Append(Read("1")).ok());
  std::ofstream(path_, std::ios::app) << "{\"time\":\"2026-01";
  ASSERT_TRUE(Open()->Append(Read("2")).ok());
  EXPECT_THAT(Asked(), ElementsAre("1", "2"));
  EXPECT_EQ(damaged_, 1u);
}

TEST_F(ReadLogTest, RotatesAndDropsTheOldest) {
  const std::size_t line = [&] {
    Open()->Append(Read("0")).IgnoreError();
    return std::filesystem::file_size(path_);
  }();
  std::filesystem::remove(path_);
  auto log = Open(2 * line, 3);
  for (int i = 1; i <= 9; ++i) ASSERT_TRUE(log->Append(Read(std::to_string(i))).ok());
  // Files of two: [9], [7 8], [5 6]; [3 4] and [1 2] are gone.
  EXPECT_THAT(Asked(), ElementsAre("5", "6", "7", "8", "9"));
  EXPECT_EQ(std::filesystem::file_size(path_), line);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".3"));
}

TEST_F(ReadLogTest, TakesALineThatIsLongerThanAFile) {
  auto log = Open(10, 3);
  ASSERT_TRUE(log->Append(Read("1")).ok());
  ASSERT_TRUE(log->Append(Read("2")).ok());
  EXPECT_THAT(Asked(), ElementsAre("1", "2"));
}

TEST_F(ReadLogTest, ThreadsLoseNothingOfEachOther) {
  constexpr std::size_t kThreads = 8;
  constexpr std::size_t kReads = 50;
  auto log = Open(4'096, 1'000);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t n = 0; n < kReads; ++n) EXPECT_TRUE(log->Append(Read("x", n % 2)).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Asked().size(), kThreads * kReads);
  EXPECT_EQ(damaged_, 0u);
}

// The disk is full as soon as the file may grow no more.
TEST_F(ReadLogTest, WhatCannotBeWrittenIsRefusedAndToldOnce) {
  auto log = Open();
  ASSERT_TRUE(log->Append(Read("1")).ok());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit full = before;
  full.rlim_cur = std::filesystem::file_size(path_) + 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const absl::Status first = log->Append(Read("2"));
  const absl::Status second = log->Append(Read("3"));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(absl::IsUnavailable(first));
  EXPECT_TRUE(absl::IsUnavailable(second));
  EXPECT_THAT(std::string(first.message()), HasSubstr(path_));
  EXPECT_EQ(failures_.size(), 1u);

  ASSERT_TRUE(log->Append(Read("4")).ok());
  EXPECT_THAT(Asked(), ElementsAre("1", "4"));
  EXPECT_EQ(damaged_, 1u);
}

TEST_F(ReadLogTest, SaysWhyItCannotBeOpened) {
  const auto log = ReadLog::Open(scratch_.path("nowhere/log"), [](const absl::Status&) {});
  EXPECT_EQ(log.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(log.status().message()), HasSubstr("No such file"));
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(ReadLog::Open(path_, [](const absl::Status&) {}).ok());
}

TEST_F(ReadLogTest, ThatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(ReadAll(path_, [](const v1::InspectorRead&) {}).status()));
}

}  // namespace
}  // namespace assent::inspection
