// OpenClarifications, and replies that are due.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using rules::CloseOf;
using rules::Notification;
using rules::QuestionAbout;
using rules::ReplyTo;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AskRequest OpenOf(std::string_view state = "") {
  v1::AskRequest request;
  request.mutable_open_clarifications()->set_state(std::string(state));
  return request;
}

std::vector<std::uint64_t> Requests(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::uint64_t> requests;
  for (const v1::AnswerRow& row : rows) requests.push_back(row.clarification().request());
  return requests;
}

class ClarificationsTest : public ::testing::Test {
 protected:
  Story story_;
  const EntryIndex launch_ = story_.File("NOR", Notification("A-1"));
};

TEST_F(ClarificationsTest, ARequestIsOpenUntilItIsClosed) {
  const Time asked = story_.ledger.now();
  const auto request = story_.File("FRA", QuestionAbout(launch_));
  const auto rows = story_.Ask(OpenOf());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0].entries(), ElementsAre(request.value()));
  EXPECT_EQ(rows[0].clarification().state(), "NOR");
  EXPECT_EQ(rows[0].clarification().asked_by(), "FRA");
  EXPECT_EQ(rows[0].clarification().about(), launch_.value());
  EXPECT_EQ(rows[0].clarification().due_us(), (asked + Hours(48)).us);
  EXPECT_FALSE(rows[0].clarification().has_reply());
  const auto reply = story_.File("NOR", ReplyTo(request));
  EXPECT_THAT(story_.Ask(OpenOf())[0].entries(), ElementsAre(request.value(), reply.value()));
  EXPECT_EQ(story_.Ask(OpenOf())[0].clarification().reply(), reply.value());
  story_.File("FRA", CloseOf(request));
  EXPECT_THAT(story_.Ask(OpenOf()), IsEmpty());
}

TEST_F(ClarificationsTest, ComeByTheStateThatIsAskedAndThenByTime) {
  const auto other = story_.File("DEU", Notification("B-1"));
  const auto first = story_.File("FRA", QuestionAbout(launch_));
  story_.ledger.Pass(Hours(1));
  const auto second = story_.File("DEU", QuestionAbout(launch_));
  story_.ledger.Pass(Hours(1));
  const auto third = story_.File("NOR", QuestionAbout(other));
  EXPECT_THAT(Requests(story_.Ask(OpenOf())),
              ElementsAre(third.value(), first.value(), second.value()));
  EXPECT_THAT(Requests(story_.Ask(OpenOf("NOR"))), ElementsAre(first.value(), second.value()));
  EXPECT_THAT(story_.Ask(OpenOf("FRA")), IsEmpty());
}

TEST_F(ClarificationsTest, AreSeenByWhoMayReadThem) {
  const auto open = story_.File("NOR", rules::Public(Notification("B-1")));
  const auto closed_request = story_.File("FRA", QuestionAbout(launch_));
  const auto open_request = story_.File("FRA", rules::Public(QuestionAbout(open)));
  story_.File("NOR", ReplyTo(open_request));
  EXPECT_THAT(Requests(story_.Ask(OpenOf())),
              ElementsAre(closed_request.value(), open_request.value()));
  for (const Sight& sight : {Public(), Scoped({"NOR"}, {})}) {
    const auto rows = story_.Ask(OpenOf(), sight);
    EXPECT_THAT(Requests(rows), ElementsAre(open_request.value()));
    EXPECT_FALSE(rows[0].clarification().has_reply()) << "a reply for members";
  }
}

TEST_F(ClarificationsTest, AreInTheHistoryOfTheRecord) {
  v1::AskRequest history;
  history.mutable_record_history()->set_index(launch_.value());
  const auto request = story_.File("FRA", QuestionAbout(launch_));
  const auto reply = story_.File("NOR", ReplyTo(request));
  const auto rows = story_.Ask(history);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].history().index(), request.value());
  EXPECT_EQ(rows[1].history().step(), v1::RECORD_REFERRED);
  EXPECT_EQ(rows[1].history().type(), "ClarificationRequest");
  EXPECT_EQ(rows[1].history().author(), "FRA");
  EXPECT_EQ(rows[2].history().index(), reply.value());
  EXPECT_EQ(rows[2].history().author(), "NOR");
  const Sight of_nor = Scoped({"NOR"}, {});
  EXPECT_EQ(story_.Ask(history, of_nor).size(), 1u) << "the request is another member's";

  const auto seen = story_.File("FRA", rules::ObservationOf("NOR"));
  const auto contest = story_.File("NOR", rules::ContestOf(seen));
  history.mutable_record_history()->set_index(seen.value());
  const auto observed = story_.Ask(history);
  ASSERT_EQ(observed.size(), 2u);
  EXPECT_EQ(observed[1].history().index(), contest.value());
  EXPECT_EQ(observed[1].history().type(), "ObservedLaunchAnswer");
}

TEST_F(ClarificationsTest, AReplyIsDueUntilThereIsOne) {
  v1::AskRequest due;
  due.mutable_due()->set_state("NOR");
  const auto replies = [&] {
    std::vector<v1::DueRow> rows;
    for (const v1::AnswerRow& row : story_.Ask(due)) {
      if (row.due().what() == v1::DUE_REPLY) rows.push_back(row.due());
    }
    return rows;
  };
  const auto request = story_.File("FRA", QuestionAbout(launch_));
  ASSERT_EQ(replies().size(), 1u);
  EXPECT_EQ(replies()[0].about(), request.value());
  EXPECT_EQ(replies()[0].due_us(), (story_.ledger.now() + Hours(48)).us);
  const auto reply = story_.File("NOR", ReplyTo(request));
  EXPECT_THAT(replies(), IsEmpty());
  story_.File("NOR", rules::WithdrawalOf(reply));
  EXPECT_EQ(replies().size(), 1u);
}

}  // namespace
}  // namespace assent::questions
