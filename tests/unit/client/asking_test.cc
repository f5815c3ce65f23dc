// assent ask, against a node that may be hostile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/tree.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

class AskingTest : public ::testing::Test {
 protected:
  ProgramResult Ask(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ask");
    arguments.insert(arguments.end(), {"--act", node_.act_path(), "--node", node_.address()});
    return RunAssent(folder_.Path(""), arguments);
  }

  // A launch that was never notified.
  void Report(std::string_view state) {
    v1::Body body;
    body.set_visibility(v1::MEMBERS);
    body.set_issued_at_us(testing::kFounded.us);
    v1::LaunchReport& report = *body.mutable_launch_report();
    report.set_outcome(v1::LAUNCHED);
    report.set_launched_at_us(testing::kFounded.us);
    report.set_kind(v1::SPACE_LAUNCH);
    report.set_class_id("SLV_MEDIUM");
    node_.chain().CommitEntries({node_.chain().File(state, body)});
  }

  FakeNode node_{4};
  const TempFolder folder_;
};

TEST_F(AskingTest, AnAnswerIsATable) {
  Report("BBB");
  Report("AAA");
  const auto result = Ask({"launches-without-timely-notification"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(
      result.out,
      "STATE  BASIS            AT                    KIND          CLASS ID    COUNT  ENTRIES\n"
      "AAA    launch reported  2026-01-01T00:00:00Z  space launch  SLV_MEDIUM  1      1\n"
      "BBB    launch reported  2026-01-01T00:00:00Z  space launch  SLV_MEDIUM  1      0\n");
  EXPECT_THAT(result.err, HasSubstr("2 rows as of height 2"));
}

TEST_F(AskingTest, ProgramsGetJsonOrCsv) {
  Report("BBB");
  const auto json = Ask({"launches-without-timely-notification", "--json"});
  const auto tree = ParseJson(json.out, "out");
  ASSERT_TRUE(tree.ok()) << json.out;
  EXPECT_EQ(*tree->Find("as_of")->As<std::int64_t>(), 1);
  const Tree& row = tree->Find("rows")->As<Tree::List>()->at(0);
  EXPECT_EQ(*row.Find("basis")->As<std::string>(), "LAUNCH_REPORTED");
  EXPECT_EQ(*row.Find("entries")->As<Tree::List>()->at(0).As<std::int64_t>(), 0);

  const auto csv = Ask({"launches-without-timely-notification", "--csv"});
  EXPECT_EQ(csv.out,
            "state,basis,at,kind,class_id,count,timeliness,reference,observer,entries\r\n"
            "BBB,LAUNCH_REPORTED,2026-01-01T00:00:00Z,SPACE_LAUNCH,SLV_MEDIUM,1,,,,0\r\n");
  EXPECT_EQ(Ask({"launches-without-timely-notification", "--csv", "--json"}).exit_code, 2);
}

TEST_F(AskingTest, AnOlderHeightAndALimitAreKept) {
  for (int i = 0; i < 3; ++i) Report("BBB");
  const auto older = Ask({"launches-without-timely-notification", "--as-of", "2"});
  EXPECT_THAT(older.err, HasSubstr("2 rows as of height 2"));
  const auto limited = Ask({"launches-without-timely-notification", "--limit", "2"});
  EXPECT_THAT(limited.err, HasSubstr("2 rows as of height 3"));
  EXPECT_THAT(limited.err, HasSubstr("there are more"));
}

TEST_F(AskingTest, ABoxIsFourDegrees) {
  EXPECT_EQ(Ask({"active-notifications", "--box=35,170,50,-170"}).exit_code, 0);
  EXPECT_EQ(Ask({"active-notifications", "--box=35,170,50"}).exit_code, 2);
  EXPECT_EQ(Ask({"active-notifications", "--box=35,170,50,east"}).exit_code, 2);
  EXPECT_EQ(Ask({"active-notifications", "--at", "noon"}).exit_code, 2);
}

TEST_F(AskingTest, PagesThatContradictEachOtherAreNoAnswer) {
  Report("BBB");
  node_.after_ask = [](v1::AskResponse& answer) { answer.set_as_of(7); };
  EXPECT_THAT(Ask({"launches-without-timely-notification", "--as-of", "1"}).err,
              HasSubstr("as of another height"));
  node_.after_ask = [](v1::AskResponse& answer) { *answer.add_rows() = answer.rows(0); };
  EXPECT_THAT(Ask({"launches-without-timely-notification", "--limit", "1"}).err,
              HasSubstr("more rows than were asked for"));
}

}  // namespace
}  // namespace assent::client
