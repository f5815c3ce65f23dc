// Due.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using rules::At;
using rules::Declaration;
using rules::Notification;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AskRequest DueOf(std::string_view state = "") {
  v1::AskRequest request;
  request.mutable_due()->set_state(std::string(state));
  return request;
}

std::vector<std::string> Texts(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::string> texts;
  for (const v1::AnswerRow& row : rows) {
    const v1::DueRow& due = row.due();
    std::string text = due.state() + " " + v1::DueKind_Name(due.what()) + " " +
                       FormatTime({due.due_us()}) + (due.overdue() ? " overdue" : "");
    if (due.has_year()) text += " " + std::to_string(due.year());
    if (due.has_about()) text += " #" + std::to_string(due.about());
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(DueTest, DeclarationsAreDueFromTheEndOfTheirYear) {
  Story story;
  story.ledger.SetTime("2026-12-31T23:59:59Z");
  story.File("DEU", Declaration(2026));
  EXPECT_THAT(story.Ask(DueOf("FRA")), IsEmpty());
  story.ledger.SetTime("2027-01-01T00:00:00Z");
  story.File("DEU", Declaration(2027));
  EXPECT_THAT(Texts(story.Ask(DueOf())),
              ElementsAre("FRA DUE_DECLARATION 2027-03-31T23:59:59Z 2026",
                          "NOR DUE_DECLARATION 2027-03-31T23:59:59Z 2026"));
  story.ledger.SetTime("2028-04-01T00:00:00Z");
  story.File("FRA", Declaration(2026));
  EXPECT_THAT(Texts(story.Ask(DueOf("FRA"))),
              ElementsAre("FRA DUE_DECLARATION 2028-03-31T23:59:59Z overdue 2027"));
}

TEST(DueTest, ReportsAreDueOnceTheWindowHasEnded) {
  Story story;
  story.File("FRA", Notification("A"));  // until 2026-02-01T06:00Z
  EXPECT_THAT(story.Ask(DueOf("FRA")), IsEmpty());
  story.ledger.SetTime("2026-02-02T00:00:00Z");
  story.File("NOR", rules::PledgeBy("2030-01-01T00:00:00Z"));
  const Time due =
      At("2026-02-01T06:00:00Z") + rules::ParametersOf(story.ledger.state()).report_due;
  EXPECT_THAT(Texts(story.Ask(DueOf("FRA"))),
              ElementsAre("FRA DUE_REPORT " + FormatTime(due) + " #0"));
  story.ledger.SetTime("2026-03-01T00:00:00Z");
  story.File("NOR", rules::PledgeBy("2030-01-01T00:00:00Z"));
  EXPECT_THAT(Texts(story.Ask(DueOf("FRA"))),
              ElementsAre("FRA DUE_REPORT " + FormatTime(due) + " overdue #0"));
  story.File("FRA", rules::Report(EntryIndex(0)));
  EXPECT_THAT(story.Ask(DueOf("FRA")), IsEmpty());
}

TEST(DueTest, WhoHasNotSignedIsAskedTo) {
  Story story;
  const auto round = story.File("FRA", rules::Proposing(0, "The second text.\n"));
  story.File("NOR", rules::SignRound(round, "The second text.\n"));
  const auto rows = story.Ask(DueOf());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].due().state(), "DEU");
  EXPECT_EQ(rows[0].due().what(), v1::DUE_SIGNATURE);
  EXPECT_EQ(rows[0].due().about(), round.value());
  EXPECT_EQ(rows[1].due().state(), "FRA");
  EXPECT_THAT(story.Ask(DueOf(), Public()), IsEmpty()) << "a draft is for members";
  story.File("DEU", rules::ObjectTo(round));
  EXPECT_THAT(story.Ask(DueOf()), IsEmpty());
}

}  // namespace
}  // namespace assent::questions
