// Tables as text, and what is wrong with them.
#include "client/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assent::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CsvTable Parsed(std::string_view text) {
  const auto table = ParseCsv(text, "t.csv");
  EXPECT_TRUE(table.ok()) << table.status();
  return table.value_or(CsvTable{});
}

std::string Fault(std::string_view text) {
  return std::string(ParseCsv(text, "t.csv").status().message());
}

TEST(CsvTest, RowsHaveACellForEachColumn) {
  const CsvTable table = Parsed("a,b\n1,2\n,\n3,x y\n");
  EXPECT_THAT(table.columns, ElementsAre("a", "b"));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_THAT(table.rows[0].cells, ElementsAre("1", "2"));
  EXPECT_THAT(table.rows[1].cells, ElementsAre("", ""));
  EXPECT_THAT(table.rows[2].cells, ElementsAre("3", "x y"));
  EXPECT_EQ(table.rows[2].line, 4);
}

TEST(CsvTest, QuotedCellsHoldCommasQuotesAndLines) {
  const CsvTable table =
      Parsed("a,b\n\"Delta 4M+(4,2)\",\"say \"\"no\"\"\"\n\"two\nlines\",\"\"\n1,2");
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_THAT(table.rows[0].cells, ElementsAre("Delta 4M+(4,2)", "say \"no\""));
  EXPECT_THAT(table.rows[1].cells, ElementsAre("two\nlines", ""));
  EXPECT_EQ(table.rows[2].line, 5) << "a cell of two lines counts as two";
}

TEST(CsvTest, LineEndsOfBothKindsAndEmptyLinesAreTaken) {
  const CsvTable table = Parsed("\r\na,b\r\n1,2\r\n\n\"3\",\"4\"\r\n\r\n");
  EXPECT_THAT(table.columns, ElementsAre("a", "b"));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_THAT(table.rows[0].cells, ElementsAre("1", "2"));
  EXPECT_THAT(table.rows[1].cells, ElementsAre("3", "4"));
  EXPECT_THAT(Parsed("a,b").rows, IsEmpty());
}

TEST(CsvTest, FaultsAreToldWithTheirLine) {
  EXPECT_EQ(Fault(""), "t.csv:1: the header is missing");
  EXPECT_EQ(Fault("a,b,a\n"), "t.csv:1: a column stands in the header twice");
  EXPECT_EQ(Fault("a,b\n1\n"), "t.csv:2: there are 1 cells, and 2 columns");
  EXPECT_EQ(Fault("a,b\n1,2\n1,2,3\n"), "t.csv:3: there are 3 cells, and 2 columns");
  EXPECT_EQ(Fault("a,b\n1,2\"\n"),
            "t.csv:2: a quote stands inside a cell that does not begin with one");
  EXPECT_EQ(Fault("a,b\n\"1\"2,3\n"),
            "t.csv:2: a comma or the end of the line must follow a quoted cell");
  EXPECT_EQ(Fault("a,b\n1,\"2\n3\n"), "t.csv:2: the quote of a cell is not closed");
}

}  // namespace
}  // namespace assent::client
