#include "client/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/progress.h"

namespace assent::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  Table table({{"NAME"}, {"N", Align::kRight}, {"LAST"}});
  table.AddRow({"a", "1", "x"});
  table.AddRow({"långnamn", "1000", ""});
  EXPECT_EQ(table.Format(false),
            "NAME         N  LAST\n"
            "a            1  x\n"
            "långnamn  1000\n");
}

TEST(TableTest, ColorIsOnlyInTheHeading) {
  Table table({{"A"}});
  table.AddRow({"x"});
  EXPECT_EQ(table.Format(true), "\x1b[1mA\x1b[0m\nx\n");
}

TEST(TableTest, CellsCannotControlTheTerminal) {
  Table table({{"A"}});
  table.AddRow({"\x1b[2Jx\ny"});
  EXPECT_EQ(table.Format(false), "A\n\xEF\xBF\xBD[2Jx\xEF\xBF\xBDy\n");
}

TEST(ListingTest, ValuesStandBelowEachOther) {
  Listing listing;
  listing.Add("a", "1");
  listing.Add("long", "2");
  EXPECT_EQ(listing.Format(), "a:     1\nlong:  2\n");
}

TEST(ProgressTest, TheLineSaysHowFar) {
  EXPECT_EQ(ProgressLine("auditing", "blocks", 5'200, 10'400, seconds(7), 79),
            "auditing  [===============               ]  50%  5,200/10,400 blocks  7s left");
  EXPECT_EQ(ProgressLine("auditing", "blocks", 5, 10, seconds(7), 40),
            "auditing   50%  5/10 blocks  7s left");
  EXPECT_THAT(ProgressLine("x", "y", 0, 0, seconds(0), 79), HasSubstr("0%  0/0 y"));
  EXPECT_THAT(ProgressLine("x", "y", 1'000'000, 1'000'000, seconds(9), 79),
              HasSubstr("100%  1,000,000/1,000,000 y"));
}

TEST(ProgressTest, NothingIsDrawnInTheFirstTwoSeconds) {
  Progress::Clock::time_point now{};
  std::vector<std::string> drawn;
  {
    Progress progress(
        "p", "u", [&](const std::string& text) { drawn.push_back(text); }, [&] { return now; });
    progress.Update(1, 10);
    now += milliseconds(1'999);
    progress.Update(2, 10);
    EXPECT_TRUE(drawn.empty());
    now += milliseconds(1);
    progress.Update(3, 10);
    EXPECT_EQ(drawn.size(), 1u);
    now += milliseconds(99);
    progress.Update(4, 10);
    EXPECT_EQ(drawn.size(), 1u);
    now += milliseconds(1);
    progress.Update(5, 10);
    EXPECT_EQ(drawn.size(), 2u);
  }
  ASSERT_EQ(drawn.size(), 3u);
  EXPECT_EQ(drawn.back(), "\r\x1b[K");  // the line is taken away
}

TEST(ProgressTest, WorkThatIsShortLeavesNoTrace) {
  std::vector<std::string> drawn;
  {
    Progress("p", "u", [&](const std::string& text) { drawn.push_back(text); }).Update(1, 1);
  }
  EXPECT_TRUE(drawn.empty());
}

}  // namespace
}  // namespace assent::client
