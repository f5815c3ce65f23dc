// RecordHistory, PledgesAndOffers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/questions/story.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"

namespace assent::questions {
namespace {

using rules::Amending;
using rules::At;
using rules::Notification;
using rules::PledgeBy;
using rules::Report;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

v1::AskRequest HistoryOf(EntryIndex index) {
  v1::AskRequest request;
  request.mutable_record_history()->set_index(index.value());
  return request;
}

v1::AskRequest Pledges() {
  v1::AskRequest request;
  request.mutable_pledges_and_offers();
  return request;
}

std::vector<std::pair<std::uint64_t, v1::HistoryStep>> Steps(
    const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::pair<std::uint64_t, v1::HistoryStep>> steps;
  for (const v1::AnswerRow& row : rows) {
    steps.emplace_back(row.history().index(), row.history().step());
  }
  return steps;
}

std::vector<std::uint64_t> PledgesIn(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::uint64_t> pledges;
  for (const v1::AnswerRow& row : rows) pledges.push_back(row.pledge().pledge());
  return pledges;
}

TEST(HistoryTest, EveryStepIsARowFromWhicheverItIsAsked) {
  Story story;
  const auto filed = story.File("FRA", Notification("A"));
  const auto amended = story.File("FRA", Amending(Notification("A"), filed));
  story.File("DEU", Notification("A"));
  const auto report = story.File("FRA", Report(filed));
  const auto cancelled = story.File("FRA", rules::CancellationOf(amended));
  const auto all = ElementsAre(Pair(0, v1::RECORD_FILED), Pair(1, v1::RECORD_AMENDED),
                               Pair(3, v1::RECORD_REFERRED), Pair(4, v1::RECORD_CANCELLED));
  EXPECT_THAT(Steps(story.Ask(HistoryOf(filed))), all);
  EXPECT_THAT(Steps(story.Ask(HistoryOf(amended))), all);
  EXPECT_THAT(Steps(story.Ask(HistoryOf(report))), ElementsAre(Pair(3, v1::RECORD_FILED)));
  EXPECT_THAT(story.Ask(HistoryOf(cancelled)), IsEmpty())
      << "a cancellation is no record of a chain";
  EXPECT_THAT(Steps(AllRows(story.Derived(1), Members(), HistoryOf(filed))),
              ElementsAre(Pair(0, v1::RECORD_FILED)));
  EXPECT_EQ(story.Ask(HistoryOf(filed))[3].history().type(), "LaunchCancellation");
}

TEST(HistoryTest, AWithdrawalEndsIt) {
  Story story;
  const auto pledge = story.File("FRA", PledgeBy("2030-01-01T00:00:00Z"));
  story.File("FRA", rules::WithdrawalOf(pledge));
  EXPECT_THAT(Steps(story.Ask(HistoryOf(pledge))),
              ElementsAre(Pair(0, v1::RECORD_FILED), Pair(1, v1::RECORD_WITHDRAWN)));
}

// What may not be seen and what does not exist have one answer.
TEST(HistoryTest, WhatMayNotBeSeenIsNotThere) {
  Story story;
  const auto hidden = story.File("FRA", Notification("A"));
  const auto widened = story.File("FRA", rules::Public(Amending(Notification("A"), hidden)));
  story.File("FRA", Report(widened));
  EXPECT_THAT(story.Ask(HistoryOf(hidden), questions::Public()), IsEmpty());
  EXPECT_THAT(story.Ask(HistoryOf(EntryIndex(99)), questions::Public()), IsEmpty());
  EXPECT_THAT(Steps(story.Ask(HistoryOf(widened), questions::Public())),
              ElementsAre(Pair(1, v1::RECORD_AMENDED)));
}

TEST(HistoryTest, ARecordIsNamed) {
  const Story story;
  v1::AskRequest nameless;
  nameless.mutable_record_history();
  v1::AskResponse response;
  std::string cursor;
  EXPECT_TRUE(absl::IsInvalidArgument(Ask(story.Now(), Members(), nameless, 10, cursor, response)));
}

TEST(PledgesTest, ThoseThatHoldAreByStateAndTargetDate) {
  Story story;
  story.File("NOR", PledgeBy("2029-01-01T00:00:00Z"));
  const auto later = story.File("FRA", PledgeBy("2032-01-01T00:00:00Z"));
  const auto sooner = story.File("FRA", rules::Public(PledgeBy("2030-01-01T00:00:00Z")));
  EXPECT_THAT(PledgesIn(story.Ask(Pledges())), ElementsAre(2, 1, 0));
  EXPECT_EQ(story.Ask(Pledges())[0].pledge().target_date_us(), At("2030-01-01T00:00:00Z").us);
  EXPECT_THAT(PledgesIn(story.Ask(Pledges(), questions::Public())), ElementsAre(2));
  story.File("FRA", Amending(PledgeBy("2028-01-01T00:00:00Z"), later));
  story.File("FRA", rules::Public(rules::WithdrawalOf(sooner)));
  EXPECT_THAT(PledgesIn(story.Ask(Pledges())), ElementsAre(3, 0));
  EXPECT_THAT(PledgesIn(AllRows(story.Derived(3), Members(), Pledges())), ElementsAre(2, 1, 0));
}

// "OFFERED by NOR", or the index of the pledge.
std::vector<std::string> Lines(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::string> lines;
  for (const v1::AnswerRow& row : rows) {
    lines.push_back(row.has_pledge() ? std::to_string(row.pledge().pledge())
                                     : row.offer().status() + " by " + row.offer().from());
  }
  return lines;
}

TEST(PledgesTest, EachComesWithItsOffers) {
  Story story;
  const auto pledge = story.File("FRA", PledgeBy("2030-01-01T00:00:00Z"));  // 0
  const auto other = story.File("DEU", PledgeBy("2030-01-01T00:00:00Z"));   // 1
  const auto offer = story.File("NOR", rules::OfferTo("FRA", pledge));      // 2
  story.File("DEU", rules::OfferTo("FRA", pledge));                         // 3
  story.File("NOR", rules::OfferTo("DEU", other));                          // 4
  story.File("FRA", rules::AnswerTo(offer, v1::ACCEPT));                    // 5
  EXPECT_THAT(Lines(story.Ask(Pledges())),
              ElementsAre("1", "OFFERED by NOR", "0", "ACCEPTED by NOR", "OFFERED by DEU"));
  EXPECT_THAT(story.Ask(Pledges())[3].entries(), ElementsAre(2, 5));
  EXPECT_THAT(Lines(AllRows(story.Derived(4), Members(), Pledges())),
              ElementsAre("1", "0", "OFFERED by NOR", "OFFERED by DEU"));
  EXPECT_THAT(story.Ask(Pledges(), questions::Public()), IsEmpty());
  story.ledger.SetTime("2026-07-01T00:00:00Z");
  story.File("NOR", rules::Ending(offer, v1::DELIVERED));
  EXPECT_THAT(Lines(story.Ask(Pledges())),
              ElementsAre("1", "EXPIRED by NOR", "0", "DELIVERED by NOR", "EXPIRED by DEU"));
}

}  // namespace
}  // namespace assent::questions
