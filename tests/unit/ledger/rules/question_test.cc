// Questions that the members decide, by the example of the chair.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/rules/chair.h"
#include "ledger/rules/read_questions.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

v1::Body Term() { return TermOf("NOR", "2026-02-01", "2027-02-01"); }
Time InTerm() { return At("2026-06-01"); }

QuestionView QuestionOf(const TestLedger& ledger, EntryIndex id,
                        std::uint64_t tree_size = kNewest) {
  return QuestionAt(ledger.state(), id, ledger.now(), tree_size).value();
}

TEST(Question, TakesEffectAtTheEntryThatCompletesTheQuorum) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  const EntryIndex question = ledger.MustFile("FRA", Term());
  EXPECT_EQ(QuestionOf(ledger, question).needed, 3u);
  ledger.MustFile("DEU", EndorsementOf(question));
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), std::nullopt);
  EXPECT_EQ(QuestionOf(ledger, question).status, QuestionStatus::kOpen);
  const EntryIndex last = ledger.MustFile("ITA", EndorsementOf(question));
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), Code("NOR"));
  const QuestionView view = QuestionOf(ledger, question);
  EXPECT_EQ(view.status, QuestionStatus::kDecided);
  EXPECT_EQ(view.decided_by, last);
  EXPECT_EQ(view.type, "ChairTerm");
  EXPECT_EQ(view.about, Code("NOR"));
  ASSERT_EQ(view.endorsements.size(), 3u);
  EXPECT_EQ(view.endorsements[0].member, Code("FRA"));
  EXPECT_EQ(view.endorsements[2].index, last);
}

TEST(Question, IsAsItWasBeforeTheEntriesAfterAHeight) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  const EntryIndex question = ledger.MustFile("FRA", Term());
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("ITA", EndorsementOf(question));
  EXPECT_EQ(QuestionAt(ledger.state(), question, ledger.now(), 0), std::nullopt);
  EXPECT_EQ(QuestionOf(ledger, question, 2).status, QuestionStatus::kOpen);
  EXPECT_EQ(QuestionOf(ledger, question, 2).endorsements.size(), 2u);
  EXPECT_EQ(QuestionOf(ledger, question, 3).status, QuestionStatus::kDecided);
}

TEST(Question, OfTheOnlyMemberIsDecidedByAskingIt) {
  TestLedger ledger(std::vector<std::string>{"NOR"});
  ledger.MustFile("NOR", Term());
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), Code("NOR"));
}

TEST(Question, CanBeEndorsedAtItsLastInstant) {
  TestLedger ledger;
  const EntryIndex question = ledger.MustFile("FRA", NoteOf("SWE"));
  ledger.Pass(Days(90));
  EXPECT_EQ(QuestionOf(ledger, question).status, QuestionStatus::kOpen);
  EXPECT_EQ(ledger.Reason("NOR", EndorsementOf(question)), "");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(QuestionOf(ledger, question).status, QuestionStatus::kExpired);
}

TEST(Question, IsCompletedByAnEndorsementAgainWhenOthersHaveLeft) {
  TestLedger ledger({"DEU", "FRA"});
  const EntryIndex question = ledger.MustFile("FRA", TermOf("FRA", "2026-02-01", "2027-02-01"));
  EXPECT_EQ(ledger.Reason("FRA", EndorsementOf(question)), "ALREADY_ENDORSED");
  ledger.MustFile("DEU", Leaving());
  EXPECT_EQ(ledger.Reason("FRA", EndorsementOf(question)), "");
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), Code("FRA"));
}

TEST(Question, CountsNoEndorsementOfAMembershipThatHasEnded) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  const EntryIndex question = ledger.MustFile("ITA", TermOf("NOR", "2026-02-01", "2027-02-01"));
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("ITA", Leaving());
  EXPECT_EQ(QuestionOf(ledger, question).endorsements.size(), 1u);
  const EntryIndex note = ledger.MustFile("FRA", NoteOf(StatementOf("ITA", "ITA/2"), "ITA/2"));
  ledger.MustFile("DEU", EndorsementOf(note));
  ledger.MustFile("NOR", EndorsementOf(note));
  ledger.SignWith("ITA", "ITA/2/authority");
  ledger.MustFile("FRA", EndorsementOf(question));
  EXPECT_EQ(QuestionOf(ledger, question).status, QuestionStatus::kOpen) << "2 of 4";
  ledger.MustFile("ITA", EndorsementOf(question));
  EXPECT_EQ(QuestionOf(ledger, question).status, QuestionStatus::kDecided);
}

TEST(Question, ListsTheNewestFirst) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", NoteOf("SWE"));
  const EntryIndex second = ledger.MustFile("FRA", SuspensionOf("NOR"));
  EXPECT_THAT(Questions(ledger.state(), 10), testing::ElementsAre(second, first));
  EXPECT_THAT(Questions(ledger.state(), 1), testing::ElementsAre(second));
  EXPECT_THAT(Questions(ledger.state(), 10, second.value()), testing::ElementsAre(first));
}

TEST(Chair, ServesFromTheFirstInstantToBeforeTheLast) {
  TestLedger ledger;
  Decide(ledger, Term());
  Decide(ledger, TermOf("DEU", "2027-02-01", "2028-02-01"));  // they touch
  EXPECT_EQ(ChairAt(ledger.state(), At("2026-02-01") - Microseconds(1)), std::nullopt);
  EXPECT_EQ(ChairAt(ledger.state(), At("2026-02-01")), Code("NOR"));
  EXPECT_EQ(ChairAt(ledger.state(), At("2027-02-01") - Microseconds(1)), Code("NOR"));
  EXPECT_EQ(ChairAt(ledger.state(), At("2027-02-01")), Code("DEU"));
  EXPECT_EQ(ChairAt(ledger.state(), At("2028-02-01")), std::nullopt);
}

TEST(Chair, TermHasALongestLength) {
  TestLedger ledger;
  v1::Body body = Term();
  body.mutable_chair_term()->set_until_us((At("2026-02-01") + Days(731)).us + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "TERM_INVALID");
  body.mutable_chair_term()->set_until_us((At("2026-02-01") + Days(731)).us);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(Chair, OfATermThatHasBegunBeforeItIsDecidedIsNone) {
  TestLedger ledger;
  const EntryIndex question = ledger.MustFile("FRA", Term());
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.SetTime("2026-02-01");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(ledger.Reason("NOR", EndorsementOf(question)), "QUESTION_MOOT");
}

TEST(Chair, IsNoLongerWhenItLeavesAndMakesRoomForAnother) {
  TestLedger ledger;
  Decide(ledger, Term());
  ledger.MustFile("NOR", Leaving());
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), std::nullopt);
  const EntryIndex question = ledger.MustFile("FRA", TermOf("DEU", "2026-03-01", "2026-09-01"));
  ledger.MustFile("DEU", EndorsementOf(question));
  EXPECT_EQ(ChairAt(ledger.state(), InTerm()), Code("DEU"));
}

}  // namespace
}  // namespace assent::rules
