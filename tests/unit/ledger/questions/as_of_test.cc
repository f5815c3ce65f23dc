// Every question, asked as of a height of long ago, has the answer that it had then; by whom, and
// by pages of whatever size, makes no difference to what the rows say.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/ledger/questions/story.h"
#include "tests/unit/ledger/rules/membership_bodies.h"

namespace assent::questions {
namespace {

const std::vector<Sight>& Sights() {
  static const std::vector<Sight> sights{
      Members(), Public(), Scoped({"DEU", "NOR"}, {}), Scoped({}, {"LaunchNotification"}),
      Scoped({"FRA"}, {"LaunchCancellation", "LaunchNotification", "LaunchReport"})};
  return sights;
}

// Some questions are for those only who see all.
bool MayAsk(const Sight& sight, const v1::AskRequest& request) {
  return sight.sees_all() || !request.has_discrepancies();
}

Story Told(unsigned seed, int attempts) {
  Story story;
  std::mt19937 random(seed);
  const Time from = story.ledger.now() + Seconds(1);
  const EntryIndex term = story.File("FRA", rules::TermOf("NOR", from, from + Days(730)));
  for (const char* member : {"DEU", "NOR"}) story.File(member, rules::EndorsementOf(term));
  for (int i = 0; i < attempts; ++i) story.FileAnything(random);
  return story;
}

TEST(AsOfTest, EveryAnswerIsAsItWasThen) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const Story story = Told(seed, 400);
    const auto questions = AllQuestions(story.ledger.size());
    std::size_t rows = 0;
    for (std::uint64_t size = 0; size <= story.ledger.size(); size += 5) {
      for (const v1::AskRequest& question : questions) {
        for (const Sight& sight : Sights()) {
          if (!MayAsk(sight, question)) continue;
          const auto then = AllRows(story.Replayed(size), sight, question);
          ASSERT_EQ(Texts(AllRows(story.Derived(size), sight, question)), Texts(then))
              << question.ShortDebugString() << " as of " << size << ", seed " << seed;
          rows += then.size();
        }
      }
    }
    EXPECT_GT(rows, 1'000u) << "the story says something";
  }
}

TEST(AsOfTest, PagesOfAnySizeHaveTheSameRows) {
  const Story story = Told(5, 500);
  const std::uint64_t half = story.ledger.size() / 2;
  for (const v1::AskRequest& question : AllQuestions(story.ledger.size())) {
    for (const Sight& sight : Sights()) {
      if (!MayAsk(sight, question)) continue;
      for (const Snapshot& ledger : {story.Now(), story.Derived(half)}) {
        const auto whole = Texts(AllRows(ledger, sight, question));
        for (const std::size_t rows : {1u, 2u, 3u, 7u}) {
          ASSERT_EQ(Texts(AllRows(ledger, sight, question, rows)), whole)
              << question.ShortDebugString() << " by " << rows;
        }
      }
    }
  }
}

// Whatever is for members only changes nothing of what others are told.
TEST(AsOfTest, ThePublicAnswerFollowsFromPublicBodiesAlone) {
  std::mt19937 random(6);
  Story both;
  for (int i = 0; i < 300; ++i) both.FileAnything(random);
  for (const v1::AskRequest& question : AllQuestions(both.ledger.size())) {
    if (!MayAsk(Public(), question)) continue;
    for (const v1::AnswerRow& row : both.Ask(question, Public())) {
      for (const std::uint64_t index : row.entries()) {
        EXPECT_TRUE(both.IsPublic(EntryIndex(index))) << row.ShortDebugString();
      }
    }
  }
}

TEST(AsOfTest, WhatIsNoQuestionIsRefused) {
  const Story story;
  v1::AskResponse response;
  std::string cursor;
  EXPECT_TRUE(
      absl::IsUnimplemented(Ask(story.Now(), Members(), v1::AskRequest(), 10, cursor, response)));
}

// A cursor comes from outside: whatever it says, the answer is a page of rows of this question.
TEST(AsOfTest, AForeignCursorDoesNoHarm) {
  const Story story = Told(7, 200);
  for (const v1::AskRequest& question : AllQuestions(story.ledger.size())) {
    const auto whole = Texts(story.Ask(question));
    for (std::string cursor : {std::string("A"), std::string("ZZZZZZZZ/9"), std::string("FRA/"),
                               std::string("\xff\xff"), std::string(64, '0'), std::string("/")}) {
      v1::AskResponse response;
      if (!Ask(story.Now(), Members(), question, 1'000, cursor, response).ok()) continue;
      for (const v1::AnswerRow& row : response.rows()) {
        EXPECT_NE(std::find(whole.begin(), whole.end(), row.ShortDebugString()), whole.end());
      }
    }
  }
}

}  // namespace
}  // namespace assent::questions
