// Lines as they reach standard error, and how the journal wants them.
#include "node/spdlog_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "node/journal_stream.h"

namespace assent::node {
namespace {

using replica::LogLevel;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// What a log writes from its beginning to its end.
std::vector<std::string> Lines(const SpdlogLog::Options& options,
                               const std::function<void(SpdlogLog&)>& write) {
  ::testing::internal::CaptureStderr();
  {
    SpdlogLog log(options);
    write(log);
  }
  return absl::StrSplit(::testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty());
}

TEST(SpdlogLogTest, RepeatsAreLeftOutAndCounted) {
  constexpr std::uint64_t kMore = 12;
  const auto lines = Lines({}, [](SpdlogLog& log) {
    for (std::uint64_t i = 0; i < LogLimit::kLinesMax + kMore; ++i) {
      log.Write(LogLevel::kWarning, "bad block from a peer", {{"peer", "FRA"}, {"height", i}});
    }
  });
  ASSERT_EQ(lines.size(), LogLimit::kLinesMax + 1);
  EXPECT_THAT(lines.back(),
              HasSubstr("warning repeats left out of=\"bad block from a peer\" lines=12 peer=FRA"));
}

TEST(SpdlogLogTest, BelowTheLevelNothingIsWritten) {
  const auto lines = Lines({.level = LogLevel::kWarning, .ledger = ""}, [](SpdlogLog& log) {
    log.Write(LogLevel::kInfo, "peer up", {});
    log.Write(LogLevel::kWarning, "no backup", {});
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("no backup"));
}

TEST(SpdlogLogTest, AChangeOfTheLevelIsSaidBeforeItBecomesQuiet) {
  const auto lines = Lines({}, [](SpdlogLog& log) {
    log.SetLevel(LogLevel::kError);
    log.Write(LogLevel::kInfo, "peer up", {});
    log.SetLevel(LogLevel::kDebug);
    log.Write(LogLevel::kDebug, "final block", {});
  });
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("info log level level=error"));
  EXPECT_THAT(lines[1], HasSubstr("info log level level=debug"));
  EXPECT_THAT(lines[2], HasSubstr("debug final block"));
}

TEST(SpdlogLogTest, InTheJournalALineBeginsWithItsPriority) {
  const auto lines =
      Lines({.level = LogLevel::kDebug, .journal = true, .ledger = ""}, [](SpdlogLog& log) {
        log.Write(LogLevel::kError, "e", {});
        log.Write(LogLevel::kWarning, "w", {});
        log.Write(LogLevel::kInfo, "i", {{"why", "two\nlines"}});
        log.Write(LogLevel::kDebug, "d", {});
      });
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_THAT(lines[0], StartsWith("<3>2"));
  EXPECT_THAT(lines[1], StartsWith("<4>2"));
  EXPECT_THAT(lines[2], StartsWith("<6>2"));
  EXPECT_THAT(lines[3], StartsWith("<7>2"));
}

TEST(SpdlogLogTest, AnObjectALineNamesTheLedger) {
  const auto lines = Lines({.format = LogFormat::kJson, .ledger = "ab12"}, [](SpdlogLog& log) {
    log.Write(LogLevel::kInfo, "peer up", {{"peer", "FRA"}});
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], StartsWith("{\"time\":\"2"));
  EXPECT_THAT(lines[0],
              HasSubstr(R"("level":"info","event":"peer up","ledger":"ab12","peer":"FRA"})"));
}

TEST(JournalStreamTest, OnlyTheDescriptorThatIsNamedIsTheJournal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  struct stat about {};
  ASSERT_EQ(::fstat(ends[1], &about), 0);
  const std::string name = absl::StrCat(about.st_dev, ":", about.st_ino);
  EXPECT_TRUE(IsJournal(ends[1], name));
  EXPECT_FALSE(IsJournal(ends[1], ""));
  EXPECT_FALSE(IsJournal(ends[1], name + "0"));
  EXPECT_FALSE(IsJournal(ends[1], absl::StrCat(about.st_dev, ":")));
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(IsJournal(ends[1], name));
}

}  // namespace
}  // namespace assent::node
