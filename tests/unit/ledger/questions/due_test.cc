// Due.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/rules/changes.h"
#include "tests/unit/ledger/questions/story.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"

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

// Sees what FRA files and nothing else: a round of DEU's is not told of.
TEST(DueTest, ARoundIsToldToWhoMaySeeThatItIsOpen) {
  Story story;
  story.File("DEU", rules::Proposing(0, "The second text.\n"));
  EXPECT_THAT(story.Ask(DueOf(), Scoped({"FRA"}, {})), IsEmpty());
  EXPECT_EQ(story.Ask(DueOf("FRA"), Scoped({"DEU", "FRA"}, {})).size(), 1u);
}

TEST(DueTest, AReportIsDueByThePeriodThatWasInForceAtTheHeight) {
  Story story;
  story.File("FRA", Notification("A"));  // until 2026-02-01T06:00Z
  story.ledger.SetTime("2026-02-02T00:00:00Z");
  v1::Body opening = rules::Proposing(0, "The same, sooner.\n");
  v1::RevisionChanges& changes = *opening.mutable_revision_open()->mutable_changes();
  changes.set_report_due_seconds(3600);
  const EntryIndex round = story.File("FRA", opening);
  v1::Body signature = rules::SignRound(round, "");
  signature.mutable_revision_sign()->set_text_hash(
      rules::RevisionHash("The same, sooner.\n", changes).str());
  for (const char* member : {"DEU", "FRA", "NOR"}) story.File(member, signature);
  const std::uint64_t size = story.ledger.size();
  EXPECT_THAT(Texts(story.Ask(DueOf())),
              ElementsAre("FRA DUE_REPORT 2026-02-01T07:00:00Z overdue #0"));
  EXPECT_THAT(Texts(AllRows(story.Derived(size), Members(), DueOf())),
              ElementsAre("FRA DUE_REPORT 2026-02-01T07:00:00Z overdue #0"));
  EXPECT_EQ(Texts(AllRows(story.Derived(size - 1), Members(), DueOf("FRA"))),
            Texts(AllRows(story.Replayed(size - 1), Members(), DueOf("FRA"))));
  EXPECT_THAT(Texts(AllRows(story.Derived(size - 1), Members(), DueOf("FRA"))),
              ElementsAre("FRA DUE_REPORT 2026-02-03T06:00:00Z #0"));
  v1::AskRequest expired;
  expired.mutable_expired_unresolved();
  const auto then = AllRows(story.Derived(size - 1), Members(), expired);
  ASSERT_EQ(then.size(), 1u);
  EXPECT_EQ(then[0].notification().report_due_us(), At("2026-02-03T06:00:00Z").us);
  EXPECT_EQ(story.Ask(expired)[0].notification().report_due_us(), At("2026-02-01T07:00:00Z").us);
}

// NOR is the chair.
class DraftDuesTest : public ::testing::Test {
 protected:
  DraftDuesTest() {
    const Time from = story_.ledger.now() + Seconds(1);
    const EntryIndex term = story_.File("FRA", rules::TermOf("NOR", from, from + Days(365)));
    story_.File("DEU", rules::EndorsementOf(term));
    story_.File("NOR", rules::EndorsementOf(term));
    story_.ledger.SetTime(from);
    draft_ = story_.File("FRA", rules::Drafting());
  }
  void Circulate() {
    story_.File("NOR", rules::Circulating(draft_));
    comments_due_ = story_.ledger.now() + story_.ledger.act().text.parameters.comment_period;
  }
  // What is due of drafts, without the time.
  std::vector<std::string> Asked(const Sight& sight = Members()) const {
    std::vector<std::string> texts;
    for (const v1::AnswerRow& row : story_.Ask(DueOf(), sight)) {
      const v1::DueRow& due = row.due();
      texts.push_back(due.state() + " " + v1::DueKind_Name(due.what()) + " #" +
                      std::to_string(due.about()) + (due.overdue() ? " overdue" : ""));
      EXPECT_EQ(due.due_us(), due.about() == draft_.value() ? comments_due_.us : 0);
    }
    return texts;
  }

  Story story_;
  EntryIndex draft_;  // 3
  Time comments_due_;
};

TEST_F(DraftDuesTest, CapitalsAreAskedForReceiptsAndCommentsOnceADraftIsCirculated) {
  EXPECT_THAT(Asked(), IsEmpty()) << "the chair has not circulated it";
  Circulate();
  EXPECT_THAT(Asked(),
              ElementsAre("DEU DUE_COMMENT #3", "DEU DUE_RECEIPT #3", "FRA DUE_COMMENT #3",
                          "FRA DUE_RECEIPT #3", "NOR DUE_COMMENT #3", "NOR DUE_RECEIPT #3"));
  const auto rows = story_.Ask(DueOf("DEU"));
  EXPECT_THAT(rows[0].entries(), ElementsAre(draft_.value(), draft_.value() + 1));
  story_.File("DEU", rules::DraftReceived(draft_));
  story_.File("FRA", rules::CommentOn(draft_));
  EXPECT_THAT(Asked(), ElementsAre("DEU DUE_COMMENT #3", "FRA DUE_RECEIPT #3", "NOR DUE_COMMENT #3",
                                   "NOR DUE_RECEIPT #3"));
}

TEST_F(DraftDuesTest, DraftsAreForWhoSeesAll) {
  Circulate();
  EXPECT_THAT(Asked(Public()), IsEmpty());
  EXPECT_THAT(Asked(Scoped({"DEU", "FRA"}, {})), IsEmpty());
}

TEST_F(DraftDuesTest, AWithdrawnCommentCanBeGivenAgain) {
  Circulate();
  const EntryIndex comment = story_.File("DEU", rules::CommentOn(draft_));
  story_.File("DEU", rules::DraftReceived(draft_));
  EXPECT_THAT(story_.Ask(DueOf("DEU")), IsEmpty());
  story_.File("DEU", rules::WithdrawalOf(comment));
  EXPECT_EQ(story_.Ask(DueOf("DEU")).size(), 1u);
}

TEST_F(DraftDuesTest, CommentsEndWithTheirPeriodAndReceiptsAreOverdue) {
  Circulate();
  for (const char* member : {"DEU", "FRA"}) story_.File(member, rules::DraftReceived(draft_));
  story_.ledger.SetTime(comments_due_);
  story_.File("DEU", Declaration(2026));
  EXPECT_THAT(Asked(), ElementsAre("DEU DUE_COMMENT #3", "FRA DUE_COMMENT #3", "NOR DUE_COMMENT #3",
                                   "NOR DUE_RECEIPT #3"));
  story_.ledger.Pass({1});
  story_.File("NOR", rules::SummingUp(draft_));  // 8
  EXPECT_THAT(Asked(), ElementsAre("DEU DUE_RECEIPT #8", "FRA DUE_RECEIPT #8",
                                   "NOR DUE_RECEIPT #3 overdue", "NOR DUE_RECEIPT #8"));
  story_.File("FRA", rules::SummaryReceived(EntryIndex(8)));
  EXPECT_THAT(story_.Ask(DueOf("FRA")), IsEmpty());
}

TEST_F(DraftDuesTest, NothingIsDueOfADraftThatLeadsNowhere) {
  Circulate();
  const EntryIndex round = story_.File("FRA", rules::Proposing(0, "Another.\n"));
  for (const char* member : {"DEU", "FRA", "NOR"}) {
    story_.File(member, rules::SignRound(round, "Another.\n"));
  }
  EXPECT_THAT(Asked(), IsEmpty()) << "overtaken";
  draft_ = story_.File("FRA", rules::Drafting(rules::kDraftText, 1));
  Circulate();
  EXPECT_EQ(Asked().size(), 6u);
  story_.File("FRA", rules::TakeBackDraft(draft_));
  EXPECT_THAT(Asked(), IsEmpty()) << "withdrawn";
}

TEST(DueTest, WhoIsInvitedIsAskedUntilTheInvitationIsOver) {
  Story story;
  const auto visit = story.File("FRA", rules::InvitingObservers({"DEU", "NOR"}, 4));
  const auto meeting = story.File("FRA", rules::Public(rules::ConferenceWith({"NOR", "MEX"})));
  const auto texts = [&](const Sight& sight = Members()) {
    return Texts(story.Ask(DueOf(), sight));
  };
  EXPECT_THAT(texts(), ElementsAre("DEU DUE_ANSWER 2026-03-06T00:00:00Z #0",
                                   "NOR DUE_ANSWER 2026-03-06T00:00:00Z #0",
                                   "NOR DUE_ANSWER 2026-03-06T00:00:00Z #1"));
  EXPECT_THAT(texts(Public()), ElementsAre("NOR DUE_ANSWER 2026-03-06T00:00:00Z #1"));
  EXPECT_THAT(texts(Scoped({"FRA"}, {})), ElementsAre("NOR DUE_ANSWER 2026-03-06T00:00:00Z #1"));
  const auto answer = story.File("DEU", rules::ObserversCome(visit, 2));
  story.File("NOR", rules::ConferenceAnswerOf("NOR", meeting, v1::DECLINE));
  EXPECT_THAT(texts(), ElementsAre("NOR DUE_ANSWER 2026-03-06T00:00:00Z #0"));
  EXPECT_THAT(texts(Public()), ElementsAre("NOR DUE_ANSWER 2026-03-06T00:00:00Z #1"))
      << "the answer is for members";
  story.File("DEU", rules::WithdrawalOf(answer));
  const auto moved =
      story.File("FRA", rules::Amending(rules::InvitingObservers({"DEU"}, 4), visit));
  EXPECT_THAT(texts(),
              ElementsAre("DEU DUE_ANSWER 2026-03-06T00:00:00Z #" + std::to_string(moved.value())));
  story.ledger.SetTime("2026-03-06T00:00:00Z");
  story.File("NOR", Declaration(2026));
  EXPECT_EQ(texts().size(), 1u) << "the last instant";
  story.ledger.Pass({1});
  story.File("NOR", Declaration(2025));
  EXPECT_THAT(texts(), IsEmpty());
}

TEST(DueTest, NobodyIsAskedAboutAWithdrawnInvitation) {
  Story story;
  const auto visit = story.File("FRA", rules::InvitingObservers({"DEU", "NOR"}, 4));
  story.File("FRA", rules::WithdrawalOf(visit));
  EXPECT_THAT(story.Ask(DueOf()), IsEmpty());
  EXPECT_EQ(AllRows(story.Derived(1), Members(), DueOf()).size(), 2u);
}

TEST(DueTest, AClarificationIsDueUntilItIsRepliedTo) {
  Story story;
  const auto declaration = story.File("FRA", Declaration(2026));
  const auto request = story.File("NOR", rules::QuestionAbout(declaration));
  const auto rows = story.Ask(DueOf());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].due().state(), "FRA");
  EXPECT_EQ(rows[0].due().what(), v1::DUE_REPLY);
  EXPECT_EQ(rows[0].due().due_us(), (story.ledger.now() + Hours(48)).us);
  story.File("FRA", rules::ReplyTo(request));
  EXPECT_THAT(story.Ask(DueOf()), IsEmpty());
}

}  // namespace
}  // namespace assent::questions
