// A revision from its first draft to its presentation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/rules/read_drafts.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DraftView Draft(const TestLedger& ledger, EntryIndex id, std::uint64_t tree_size = kNewest) {
  return DraftAt(ledger.state(), id, tree_size).value();
}

std::vector<std::string> Codes(const std::vector<MemberEntry>& entries) {
  std::vector<std::string> codes;
  for (const MemberEntry& entry : entries) codes.push_back(entry.member.str());
  return codes;
}

std::vector<std::string> Codes(const std::vector<MemberCode>& members) {
  std::vector<std::string> codes;
  for (const MemberCode& code : members) codes.push_back(code.str());
  return codes;
}

std::vector<EntryIndex> Indices(const std::vector<MemberEntry>& entries) {
  std::vector<EntryIndex> indices;
  for (const MemberEntry& entry : entries) indices.push_back(entry.index);
  return indices;
}

TEST(Drafts, GoFromADraftOverCommentsASummaryAndTheNextDraftToPresentation) {
  TestLedger ledger;
  AppointChair(ledger);
  const EntryIndex first = ledger.MustFile("FRA", Drafting());
  EXPECT_EQ(Draft(ledger, first).status, DraftStatus::kDrafted);
  EXPECT_EQ(ledger.Reason("DEU", CommentOn(first)), "DRAFT_NOT_CIRCULATED");

  ledger.MustFile("NOR", Circulating(first));
  EXPECT_EQ(Draft(ledger, first).status, DraftStatus::kCirculated);
  EXPECT_EQ(Draft(ledger, first).comments_due, ledger.now() + Days(60));
  EXPECT_THAT(Codes(Draft(ledger, first).receipts.missing), ElementsAre("DEU", "FRA", "NOR"));
  ledger.MustFile("NOR", DraftReceived(first));
  ledger.MustFile("DEU", DraftReceived(first));
  EXPECT_THAT(Codes(Draft(ledger, first).receipts.received), ElementsAre("NOR", "DEU"));
  EXPECT_THAT(Codes(Draft(ledger, first).receipts.missing), ElementsAre("FRA"));

  const EntryIndex comment = ledger.MustFile("DEU", CommentOn(first));
  EXPECT_THAT(Indices(Draft(ledger, first).comments), ElementsAre(comment));
  ledger.Pass(Days(61));
  const EntryIndex summary = ledger.MustFile("NOR", SummingUp(first));
  ledger.MustFile("FRA", SummaryReceived(summary));
  const DraftView summarised = Draft(ledger, first);
  EXPECT_EQ(summarised.status, DraftStatus::kSummarised);
  EXPECT_EQ(summarised.summary->by.member, Code("NOR"));
  EXPECT_EQ(summarised.summary->text_hash, Sha256(kSummaryText));
  EXPECT_THAT(Codes(summarised.summary->receipts.received), ElementsAre("FRA"));

  const EntryIndex next = ledger.MustFile("FRA", NextDraft(first, {comment}));
  EXPECT_EQ(Draft(ledger, next).previous, first);
  const EntryIndex round = ledger.MustFile("FRA", OpeningFrom(next, "A better text.\n"));
  EXPECT_EQ(Draft(ledger, next).status, DraftStatus::kOpened);
  EXPECT_EQ(Draft(ledger, next).round, round);
  for (const char* member : {"DEU", "FRA", "NOR"}) {
    ledger.MustFile(member, SignRound(round, "A better text.\n"));
  }
  EXPECT_EQ(Draft(ledger, first).status, DraftStatus::kOvertaken);
  EXPECT_EQ(RoundAt(ledger.state(), round, ledger.now())->presented_by, std::nullopt);
  const EntryIndex presentation = ledger.MustFile("NOR", Presenting(round, "A better text.\n"));
  const auto presented = RoundAt(ledger.state(), round, ledger.now());
  EXPECT_EQ(presented->status, RoundStatus::kFinal);
  EXPECT_EQ(presented->draft, next);
  EXPECT_EQ(presented->presented_by, presentation);
  EXPECT_EQ(presented->presented, ledger.now());
  EXPECT_EQ(RoundOfRevision(ledger.state(), 1), round);
  EXPECT_EQ(RoundOfRevision(ledger.state(), 2), std::nullopt);
}

TEST(Drafts, CanBeCommentedOnAtTheDeadlineAndNotAMicrosecondLater) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  ledger.Pass(Days(60));
  const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
  EXPECT_EQ(ledger.Reason("NOR", SummingUp(draft)), "COMMENT_PERIOD_OPEN");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(ledger.Reason("FRA", CommentOn(draft)), "COMMENT_PERIOD_OVER");
  EXPECT_EQ(ledger.Reason("DEU", Amending(CommentOn(draft), comment)), "COMMENT_PERIOD_OVER");
  EXPECT_EQ(ledger.Reason("NOR", SummingUp(draft)), "");
}

TEST(Drafts, CommentsAreAmendedAndKeepTheTimeOfTheFirst) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  const Time first_time = ledger.now();
  const EntryIndex first = ledger.MustFile("DEU", CommentOn(draft));
  ledger.Pass(Days(1));
  const EntryIndex second = ledger.MustFile("DEU", Amending(CommentOn(draft, "Two."), first));
  ASSERT_EQ(Draft(ledger, draft).comments.size(), 1u);
  EXPECT_EQ(Draft(ledger, draft).comments[0].index, second);
  EXPECT_EQ(Draft(ledger, draft).comments[0].time, first_time);
  ledger.Pass(Days(61));
  ledger.MustFile("NOR", SummingUp(draft));
  EXPECT_EQ(ledger.Reason("FRA", NextDraft(draft, {first})), "COMMENT_UNKNOWN");
  EXPECT_EQ(ledger.Reason("FRA", NextDraft(draft, {second})), "");
}

// Nobody can hold the next draft up by taking comments back while it is on its way.
TEST(Drafts, AWithdrawnCommentMayBeAnsweredAndNeedNotBe) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
  ledger.Pass(Days(61));
  ledger.MustFile("NOR", SummingUp(draft));
  ledger.MustFile("DEU", WithdrawalOf(comment));
  EXPECT_THAT(Draft(ledger, draft).comments, IsEmpty());
  EXPECT_EQ(ledger.Reason("FRA", NextDraft(draft, {comment})), "");
  EXPECT_EQ(ledger.Reason("FRA", NextDraft(draft, {})), "");
}

TEST(Drafts, WhoTookACommentBackMayCommentAgain) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
  ledger.MustFile("DEU", WithdrawalOf(comment));
  const EntryIndex again = ledger.MustFile("DEU", CommentOn(draft, "On second thought."));
  EXPECT_THAT(Indices(Draft(ledger, draft).comments), ElementsAre(again));
}

TEST(Drafts, OneAnswerMayBeToSeveralComments) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  const EntryIndex of_deu = ledger.MustFile("DEU", CommentOn(draft));
  const EntryIndex of_nor = ledger.MustFile("NOR", CommentOn(draft));
  ledger.Pass(Days(61));
  ledger.MustFile("NOR", SummingUp(draft));
  v1::Body next = NextDraft(draft, {of_deu});
  EXPECT_EQ(ledger.Reason("FRA", next), "COMMENT_UNANSWERED");
  next.mutable_revision_draft()->mutable_answers(0)->add_comments(of_nor.value());
  EXPECT_EQ(ledger.Reason("FRA", next), "");
}

TEST(Drafts, ATextThatNobodyConsentedToCanBeOpenedFromItsDraftAgain) {
  TestLedger ledger;
  const EntryIndex draft = SummarisedDraft(ledger);
  const EntryIndex first = ledger.MustFile("FRA", OpeningFrom(draft));
  ledger.MustFile("DEU", ObjectTo(first));
  const EntryIndex second = ledger.MustFile("FRA", OpeningFrom(draft));
  EXPECT_EQ(Draft(ledger, draft).round, second);
  EXPECT_EQ(Draft(ledger, draft, second.value()).round, first);
}

TEST(Drafts, OnlyItsAuthorTakesADraftBack) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  EXPECT_EQ(ledger.Reason("DEU", TakeBackDraft(draft)), "NOT_PROPOSER");
  const EntryIndex withdrawal = ledger.MustFile("FRA", TakeBackDraft(draft));
  EXPECT_EQ(Draft(ledger, draft).status, DraftStatus::kWithdrawn);
  EXPECT_EQ(Draft(ledger, draft).withdrawn_by, withdrawal);
  EXPECT_EQ(ledger.Reason("DEU", CommentOn(draft)), "DRAFT_WITHDRAWN");
}

TEST(Drafts, TheChairsTermEnds) {
  TestLedger ledger;
  AppointChair(ledger);
  const EntryIndex draft = ledger.MustFile("FRA", Drafting());
  ledger.Pass(Days(365));
  EXPECT_EQ(ledger.Reason("NOR", Circulating(draft)), "NOT_CHAIR");
}

TEST(Drafts, AtAnOlderTreeSizeAreAsTheyWereThen) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  const std::uint64_t circulated = ledger.size();
  const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
  const std::uint64_t commented = ledger.size();
  ledger.MustFile("DEU", Amending(CommentOn(draft, "Two."), comment));
  ledger.MustFile("DEU", DraftReceived(draft));
  ledger.Pass(Days(61));
  ledger.MustFile("NOR", SummingUp(draft));

  EXPECT_FALSE(DraftAt(ledger.state(), draft, draft.value()));
  EXPECT_EQ(Draft(ledger, draft, draft.value() + 1).status, DraftStatus::kDrafted);
  EXPECT_EQ(Draft(ledger, draft, circulated).status, DraftStatus::kCirculated);
  EXPECT_THAT(Draft(ledger, draft, circulated).comments, IsEmpty());
  EXPECT_THAT(Indices(Draft(ledger, draft, commented).comments), ElementsAre(comment));
  EXPECT_THAT(Draft(ledger, draft, commented).receipts.received, IsEmpty());
  EXPECT_EQ(Draft(ledger, draft, commented).summary, std::nullopt);
}

// Whose receipts are missing is judged by the members of then.
TEST(Drafts, ReceiptsAtAnOlderTreeSizeAreOfTheMembersOfThen) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  ledger.MustFile("DEU", DraftReceived(draft));
  const std::uint64_t then = ledger.size();
  ledger.MustFile("DEU", Leaving());
  const auto now = DraftAt(ledger.state(), draft);
  EXPECT_TRUE(now->receipts.received.empty());
  EXPECT_EQ(now->receipts.missing, (std::vector<MemberCode>{Code("FRA"), Code("NOR")}));
  const auto was = DraftAt(ledger.state(), draft, then);
  ASSERT_EQ(was->receipts.received.size(), 1u);
  EXPECT_EQ(was->receipts.received[0].member, Code("DEU"));
  EXPECT_EQ(was->receipts.missing, (std::vector<MemberCode>{Code("FRA"), Code("NOR")}));
}

TEST(Drafts, ArePagedNewestFirst) {
  TestLedger ledger;
  std::vector<EntryIndex> drafts;
  for (int i = 0; i < 4; ++i) drafts.push_back(ledger.MustFile("FRA", Drafting()));
  EXPECT_THAT(Drafts(ledger.state(), 2), ElementsAre(drafts[3], drafts[2]));
  EXPECT_THAT(Drafts(ledger.state(), 10, drafts[2].value()), ElementsAre(drafts[1], drafts[0]));
  EXPECT_THAT(Drafts(ledger.state(), 0), IsEmpty());
  EXPECT_THAT(Drafts(TestLedger().state(), 5), IsEmpty());
}

TEST(Drafts, OtherThanTheCommentsCannotBeAmended) {
  TestLedger ledger;
  const EntryIndex draft = CirculatedDraft(ledger);
  EXPECT_EQ(ledger.Reason("FRA", Amending(Drafting("Other.\n"), draft)), "NOT_AMENDABLE");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(draft)), "TARGET_UNKNOWN");
}

}  // namespace
}  // namespace assent::rules
