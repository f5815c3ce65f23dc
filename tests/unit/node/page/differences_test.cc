#include "node/page/differences.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "node/page/limits.h"

namespace assent::page {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum LineFate;

TEST(DifferencesTest, AreNoneBetweenEqualTexts) {
  EXPECT_THAT(*Differences("", ""), IsEmpty());
  EXPECT_THAT(*Differences("a\n\nb\n", "a\n\nb\n"),
              ElementsAre(Line{kKept, "a"}, Line{kKept, ""}, Line{kKept, "b"}));
}

TEST(DifferencesTest, ShowWhatIsAddedAndRemoved) {
  EXPECT_THAT(*Differences("a\nb\nc\n", "a\nx\nc\nd\n"),
              ElementsAre(Line{kKept, "a"}, Line{kRemoved, "b"}, Line{kAdded, "x"},
                          Line{kKept, "c"}, Line{kAdded, "d"}));
  EXPECT_THAT(*Differences("a", ""), ElementsAre(Line{kRemoved, "a"}));
  EXPECT_THAT(*Differences("", "a"), ElementsAre(Line{kAdded, "a"}));
}

TEST(DifferencesTest, KeepAsMuchAsThereIsInCommon) {
  EXPECT_THAT(*Differences("1\n2\n3\n4\n", "3\n4\n1\n2\n3\n"),
              ElementsAre(Line{kAdded, "3"}, Line{kAdded, "4"}, Line{kKept, "1"}, Line{kKept, "2"},
                          Line{kKept, "3"}, Line{kRemoved, "4"}));
}

TEST(DifferencesTest, AreLeftOutWhereTheyWouldCostTooMuch) {
  const std::string lines(2'100, '\n');
  ASSERT_GT(lines.size() * lines.size(), kDifferencesCellsMax);
  EXPECT_FALSE(Differences(lines, lines).has_value());
  EXPECT_TRUE(Differences("a\n", lines).has_value());
}

}  // namespace
}  // namespace assent::page
