#include "client/answer_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assent::client {
namespace {

using ::testing::ElementsAre;

v1::AskRequest Launches() {
  v1::AskRequest request;
  request.mutable_launches_without_timely_notification();
  return request;
}

v1::AnswerRow Launch() {
  v1::AnswerRow row;
  row.add_entries(7);
  row.add_entries(9);
  v1::LaunchRow& launch = *row.mutable_launch();
  launch.set_state("FRA");
  launch.set_basis(v1::LAUNCH_NOTIFIED);
  launch.set_at_us(1'767'225'600'000'000);
  launch.set_kind(v1::SPACE_LAUNCH);
  launch.set_class_id("SLV_MEDIUM");
  launch.set_count(2);
  launch.set_timeliness(v1::POST_FACTO);
  launch.set_reference("A,\"B\"");
  return row;
}

TEST(AnswerRowsTest, PeopleReadWords) {
  const auto columns = ColumnsOf(Launches(), CellStyle::kPrograms);
  EXPECT_THAT(columns, ElementsAre("state", "basis", "at", "kind", "class_id", "count",
                                   "timeliness", "reference", "observer", "entries"));
  EXPECT_THAT(CellsOf(Launch(), columns, CellStyle::kPeople),
              ElementsAre("FRA", "launch notified", "2026-01-01T00:00:00Z", "space launch",
                          "SLV_MEDIUM", "2", "post facto", "A,\"B\"", "", "7 9"));
}

TEST(AnswerRowsTest, ProgramsReadNames) {
  const auto cells =
      CellsOf(Launch(), ColumnsOf(Launches(), CellStyle::kPrograms), CellStyle::kPrograms);
  EXPECT_EQ(cells[1], "LAUNCH_NOTIFIED");
  EXPECT_EQ(cells[6], "POST_FACTO");
}

TEST(AnswerRowsTest, WhatIsNotKnownIsEmpty) {
  v1::AnswerRow row;
  row.mutable_launch()->set_state("FRA");
  const auto cells =
      CellsOf(row, ColumnsOf(Launches(), CellStyle::kPrograms), CellStyle::kPrograms);
  EXPECT_EQ(cells[1], "") << "an enum without a value";
  EXPECT_EQ(cells[2], "") << "no time";
  const Tree tree = RowTree(row);
  EXPECT_NE(tree.Find("state"), nullptr);
  EXPECT_EQ(tree.Find("basis"), nullptr);
  EXPECT_EQ(tree.Find("timeliness"), nullptr);
}

TEST(AnswerRowsTest, RowsOfTwoKindsShareColumns) {
  v1::AskRequest request;
  request.mutable_pledges_and_offers();
  const auto columns = ColumnsOf(request, CellStyle::kPrograms);
  v1::AnswerRow offer;
  offer.mutable_offer()->set_from("FRA");
  offer.mutable_offer()->set_pledge(4);
  const auto cells = CellsOf(offer, columns, CellStyle::kPrograms);
  ASSERT_EQ(cells.size(), columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == "from") {
      EXPECT_EQ(cells[i], "FRA");
    }
    if (columns[i] == "pledge") {
      EXPECT_EQ(cells[i], "4");
    }
    if (columns[i] == "target_date") {
      EXPECT_EQ(cells[i], "");
    }
  }
}

TEST(AnswerRowsTest, EveryQuestionHasColumns) {
  const auto& questions = *v1::AskRequest::descriptor()->FindOneofByName("question");
  for (int i = 0; i < questions.field_count(); ++i) {
    v1::AskRequest request;
    request.GetReflection()->MutableMessage(&request, questions.field(i));
    EXPECT_GT(ColumnsOf(request, CellStyle::kPrograms).size(), 1u) << questions.field(i)->name();
  }
}

TEST(AnswerRowsTest, CsvQuotesWhatItMust) {
  EXPECT_EQ(CsvLine({"a", "b c", "", "1,5", "say \"no\"", "two\nlines"}),
            "a,b c,,\"1,5\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
}

TEST(AnswerRowsTest, CsvStartsNoFormula) {
  EXPECT_EQ(CsvLine({"=SUM(A1)", "+1", "-1", "@x", "x=1"}), "'=SUM(A1),'+1,'-1,'@x,x=1\r\n");
}

}  // namespace
}  // namespace assent::client
