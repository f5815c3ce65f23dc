// Entries that overtook the one they continue.
#include "node/replica/early_entries.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/test_ledger.h"

namespace assent::replica {
namespace {

using testing::MakeEntry;
using testing::NotificationBody;
using testing::TestLedger;

class EarlyEntriesTest : public ::testing::Test {
 protected:
  EarlyEntriesTest() : ledger_(1) {}

  Submitted Entry(std::uint64_t sequence, const char* reference = "R") {
    const AuthorHead head{Sequence(sequence - 1), Hash()};
    return {std::make_shared<const assent::Entry>(
                MakeEntry(ledger_, ledger_.states[0], head, NotificationBody(reference))),
            true, [this](SubmitOutcome) { ++answered_; }};
  }
  bool Add(std::uint64_t sequence, std::int64_t now_us = 0) {
    Submitted submitted = Entry(sequence);
    return early_.Add(submitted, now_us);
  }

  TestLedger ledger_;
  EarlyEntries early_;
  int answered_ = 0;
};

TEST_F(EarlyEntriesTest, TheNextIsTakenOnce) {
  ASSERT_TRUE(Add(3));
  const MemberCode author = ledger_.states[0].code;
  EXPECT_TRUE(early_.TakeNext(author, Sequence(1)).empty());
  const auto next = early_.TakeNext(author, Sequence(2));
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].entry->header().sequence, Sequence(3));
  EXPECT_TRUE(early_.TakeNext(author, Sequence(2)).empty());
  EXPECT_TRUE(early_.empty());
}

TEST_F(EarlyEntriesTest, TwoOfOneSequenceDoNotBothWait) {
  EXPECT_TRUE(Add(3));
  Submitted other = Entry(3, "OTHER");
  EXPECT_FALSE(early_.Add(other, 0));
  EXPECT_NE(other.entry, nullptr);
}

TEST_F(EarlyEntriesTest, TheSameEntryAgainIsOneMoreCaller) {
  for (std::size_t i = 0; i < EarlyEntries::kCallersPerEntryMax; ++i) EXPECT_TRUE(Add(3));
  EXPECT_FALSE(Add(3));
  EXPECT_EQ(early_.TakeNext(ledger_.states[0].code, Sequence(2)).size(),
            EarlyEntries::kCallersPerEntryMax);
}

TEST_F(EarlyEntriesTest, AnAuthorHasBoundedRoom) {
  for (std::uint64_t i = 0; i < EarlyEntries::kPerAuthorMax; ++i) EXPECT_TRUE(Add(2 + i));
  EXPECT_FALSE(Add(2 + EarlyEntries::kPerAuthorMax));
}

TEST_F(EarlyEntriesTest, PatienceEnds) {
  ASSERT_TRUE(Add(3, 0));
  ASSERT_TRUE(Add(4, 1));
  EXPECT_TRUE(early_.TakeExpired(EarlyEntries::kPatienceUs - 1).empty());
  EXPECT_EQ(early_.TakeExpired(EarlyEntries::kPatienceUs).size(), 1u);
  EXPECT_EQ(early_.TakeExpired(EarlyEntries::kPatienceUs + 1).size(), 1u);
  EXPECT_TRUE(early_.empty());
}

}  // namespace
}  // namespace assent::replica
