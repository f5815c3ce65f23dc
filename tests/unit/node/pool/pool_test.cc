#include "node/pool/pool.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/limits.h"
#include "tests/support/test_chain.h"

namespace assent::pool {
namespace {

using testing::DeclarationBody;
using testing::kFounded;
using testing::NotificationBody;
using testing::TestChain;

class PoolTest : public ::testing::Test {
 protected:
  Admission Add(const EntryPtr& entry) { return pool_.Add(entry, now_).admission; }
  void AddAll(const std::vector<EntryPtr>& entries) {
    for (const EntryPtr& entry : entries) ASSERT_EQ(Add(entry), Admission::kTaken);
  }
  std::vector<EntryPtr> Notify(std::string_view author, std::size_t count) {
    std::vector<EntryPtr> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(chain_.Notify(author));
    return entries;
  }
  std::vector<EntryPtr> Select(std::size_t entries_max, std::uint64_t turn = 0) {
    return pool_.Select(entries_max, kBlockBytesMax, chain_.tip->heads, turn);
  }
  static std::string Authors(const std::vector<EntryPtr>& entries) {
    std::string text;
    for (const EntryPtr& entry : entries) text += entry->header().author.str()[0];
    return text;
  }
  MemberCode Code(std::string_view text) { return *MemberCode::From(text); }

  const Time now_ = kFounded + Seconds(1);
  TestChain chain_{4};
  Pool pool_{&chain_.state};
};

TEST_F(PoolTest, EntriesOfAnAuthorWaitBehindEachOther) {
  const std::vector<EntryPtr> entries = Notify("AAA", 3);
  AddAll(entries);
  EXPECT_EQ(pool_.size(), 3u);
  EXPECT_EQ(pool_.HeadOf(Code("AAA"))->sequence, Sequence(3));
  EXPECT_EQ(pool_.HeadOf(Code("AAA"))->leaf_hash, entries[2]->leaf_hash());
  EXPECT_EQ(pool_.HeadOf(Code("BBB")), std::nullopt);
  EXPECT_EQ(pool_.All(), entries);
}

TEST_F(PoolTest, AnAuthorOffersSoManyASecond) {
  quota::RateLimit limit(1);  // five at once
  constexpr std::int64_t kNowUs = 1'000'000'000;
  const std::vector<EntryPtr> entries = Notify("AAA", 7);
  const auto add = [&](const EntryPtr& entry, std::int64_t now_us) {
    return pool_.Add(entry, now_, Rate{&limit, now_us});
  };
  EXPECT_EQ(add(entries[6], kNowUs).admission, Admission::kRefused) << "it leaves a gap";
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(add(entries[i], kNowUs).admission, Admission::kTaken);
    // Copies, by whomever, do not count.
    EXPECT_EQ(add(entries[i], kNowUs).admission, Admission::kWaiting);
  }
  const AddResult more = add(entries[5], kNowUs);
  EXPECT_EQ(more.admission, Admission::kTooFast);
  EXPECT_EQ(more.retry_after, std::chrono::milliseconds(1'000));
  EXPECT_EQ(add(chain_.Notify("BBB"), kNowUs).admission, Admission::kTaken) << "others may";
  EXPECT_EQ(add(entries[5], kNowUs + 1'000'000).admission, Admission::kTaken);
}

TEST_F(PoolTest, OneAuthorsManyEntriesDoNotFillABlock) {
  AddAll(Notify("AAA", 2 * kSelectedOfAuthorMax));
  EXPECT_EQ(Select(kBlockEntriesMax).size(), kSelectedOfAuthorMax);
  AddAll(Notify("BBB", 3));
  EXPECT_EQ(Select(kBlockEntriesMax).size(), kSelectedOfAuthorMax + 3);
}

TEST_F(PoolTest, TheSameBytesAgainAreRecognized) {
  const EntryPtr entry = chain_.Notify("AAA");
  EXPECT_EQ(Add(entry), Admission::kTaken);
  EXPECT_EQ(Add(std::make_shared<const Entry>(*entry)), Admission::kWaiting);
  EXPECT_EQ(pool_.size(), 1u);
}

TEST_F(PoolTest, OtherBytesOfASequenceThatWaitsAreRefused) {
  const EntryPtr first = chain_.Notify("AAA");
  AddAll({first});
  chain_.SetHead("AAA", {});
  const AddResult result = pool_.Add(chain_.Notify("AAA"), now_);
  EXPECT_EQ(result.admission, Admission::kRefused);
  EXPECT_EQ(result.refusal->reason, "SEQUENCE_ALREADY_USED");
  EXPECT_EQ(
      result.refusal->message,
      "another entry with sequence 1 of AAA waits to be ordered; only one of them can ever be "
      "on the ledger");
  EXPECT_EQ(pool_.All(), std::vector<EntryPtr>{first});
}

TEST_F(PoolTest, AGapIsRefused) {
  chain_.Notify("AAA");  // never arrives
  const AddResult result = pool_.Add(chain_.Notify("AAA"), now_);
  EXPECT_EQ(result.admission, Admission::kRefused);
  EXPECT_EQ(result.refusal->reason, "SEQUENCE_GAP");
}

TEST_F(PoolTest, AnEntryThatDoesNotContinueTheOneThatWaitsIsRefused) {
  AddAll({chain_.Notify("AAA")});
  chain_.SetHead("AAA", {Sequence(1), Hash()});
  const AddResult result = pool_.Add(chain_.Notify("AAA"), now_);
  EXPECT_EQ(result.refusal->reason, "WRONG_PREVIOUS");
}

TEST_F(PoolTest, WhatIsOnTheLedgerIsFinal) {
  const EntryPtr entry = chain_.Notify("AAA");
  chain_.CommitEntries({entry});
  EXPECT_EQ(Add(entry), Admission::kFinal);
  EXPECT_TRUE(pool_.empty());
}

TEST_F(PoolTest, TheRulesSeeWhatTheAuthorHasWaiting) {
  AddAll({chain_.File("AAA", NotificationBody("TWICE"))});
  const EntryPtr head = pool_.All().back();
  const EntryPtr again = chain_.File("AAA", NotificationBody("TWICE"));
  EXPECT_EQ(pool_.Add(again, now_).refusal->reason, "REFERENCE_TAKEN");
  // Another author may use it, and this one files something else instead.
  AddAll({chain_.File("BBB", NotificationBody("TWICE"))});
  chain_.RewindTo(*head);
  AddAll({chain_.File("AAA", NotificationBody("ANOTHER"))});
}

TEST_F(PoolTest, AnEntryWithoutBodyIsRefused) {
  const auto bare = std::make_shared<const Entry>(chain_.Notify("AAA")->WithoutBody());
  EXPECT_EQ(pool_.Add(bare, now_).refusal->reason, "BODY_MALFORMED");
}

TEST_F(PoolTest, AWindowHasAnEndAndOthersDoNotNoticeIt) {
  AddAll(Notify("AAA", kWindowEntriesMax));
  const EntryPtr more = chain_.Notify("AAA");
  EXPECT_EQ(Add(more), Admission::kFull);
  AddAll(Notify("BBB", 1));

  const std::vector<EntryPtr> final_ones = Select(10);
  chain_.CommitEntries(final_ones);
  pool_.OnFinal(final_ones);
  EXPECT_EQ(Add(more), Admission::kTaken);
}

TEST_F(PoolTest, WhatWaitsOfSomeAuthorsIsCounted) {
  const auto ones = Notify("AAA", 3);
  AddAll(ones);
  AddAll(Notify("BBB", 2));
  EXPECT_EQ(pool_.SizeOf([&](const MemberCode& author) { return author == Code("AAA"); }), 3u);
  EXPECT_EQ(pool_.SizeOf([&](const MemberCode& author) { return author != Code("AAA"); }), 2u);
  chain_.CommitEntries({ones[0]});
  pool_.OnFinal({ones[0]});
  EXPECT_EQ(pool_.SizeOf([&](const MemberCode& author) { return author == Code("AAA"); }), 2u);
  EXPECT_EQ(pool_.SizeOf([](const MemberCode&) { return true; }), pool_.size());
}

TEST_F(PoolTest, AuthorsTakeTurns) {
  AddAll(Notify("AAA", 5));
  AddAll(Notify("BBB", 2));
  AddAll(Notify("CCC", 1));
  EXPECT_EQ(Authors(Select(100)), "ABCABAAA");
  EXPECT_EQ(Authors(Select(4)), "ABCA");
}

TEST_F(PoolTest, AnotherAuthorBeginsEachTurn) {
  for (const char* author : {"AAA", "BBB", "CCC"}) AddAll(Notify(author, 2));
  EXPECT_EQ(Authors(Select(4, 0)), "ABCA");
  EXPECT_EQ(Authors(Select(4, 1)), "BCAB");
  EXPECT_EQ(Authors(Select(4, 2)), "CABC");
  EXPECT_EQ(Authors(Select(1, 4)), "B");
}

TEST_F(PoolTest, AFloodByOneAuthorDoesNotCrowdOutTheOthers) {
  AddAll(Notify("AAA", kWindowEntriesMax));
  AddAll(Notify("DDD", 3));
  for (std::uint64_t turn = 0; turn < 3; ++turn) {
    const std::string authors = Authors(Select(10, turn));
    EXPECT_EQ(std::count(authors.begin(), authors.end(), 'D'), 3) << authors;
  }
}

TEST_F(PoolTest, ABlockIsFilledInBytesWithoutBreakingAnAuthorsOrder) {
  const EntryPtr small = chain_.Notify("AAA");
  const EntryPtr large = chain_.File("AAA", DeclarationBody(2010, 10'000));
  const EntryPtr behind = chain_.Notify("AAA");
  AddAll({small, large, behind});
  AddAll(Notify("BBB", 1));
  const auto selected = pool_.Select(100, 4'096, chain_.tip->heads, 0);
  EXPECT_EQ(Authors(selected), "AB");
  EXPECT_EQ(selected[0], small);
}

TEST_F(PoolTest, WhatStandsInABlockUnderWayIsNotTakenAgain) {
  const std::vector<EntryPtr> entries = Notify("AAA", 3);
  AddAll(entries);
  const auto block = chain_.Build(chain_.tip, {entries[0], entries[1]});
  EXPECT_EQ(pool_.Select(10, kBlockBytesMax, block->heads, 0), std::vector<EntryPtr>{entries[2]});
  // The block was skipped: they are there again.
  EXPECT_EQ(Select(10), entries);
}

TEST_F(PoolTest, NothingIsTakenBehindAnotherEntryInABlockUnderWay) {
  AddAll(Notify("AAA", 2));
  chain_.SetHead("AAA", {});
  const auto other = chain_.Build(chain_.tip, {chain_.File("AAA", NotificationBody("OTHER"))});
  ASSERT_EQ(other->entries.size(), 1u);
  EXPECT_TRUE(pool_.Select(10, kBlockBytesMax, other->heads, 0).empty());
}

TEST_F(PoolTest, FinalEntriesLeaveAndTheRestStaysChecked) {
  AddAll({chain_.File("AAA", NotificationBody("FIRST")),
          chain_.File("AAA", NotificationBody("SECOND"))});
  const std::vector<EntryPtr> first = Select(1);
  chain_.CommitEntries(first);
  EXPECT_TRUE(pool_.OnFinal(first).empty());
  EXPECT_EQ(pool_.size(), 1u);

  const EntryPtr head = pool_.All().back();
  for (const char* taken : {"FIRST", "SECOND"}) {
    const EntryPtr again = chain_.File("AAA", NotificationBody(taken));
    EXPECT_EQ(pool_.Add(again, now_).refusal->reason, "REFERENCE_TAKEN") << taken;
    chain_.RewindTo(*head);
  }
  AddAll({chain_.Notify("AAA")});
}

TEST_F(PoolTest, AnEntryThatLostItsPlaceLeavesWithWhatIsLinkedToIt) {
  AddAll(Notify("AAA", 3));
  AddAll(Notify("BBB", 1));
  chain_.SetHead("AAA", {});
  const EntryPtr other = chain_.File("AAA", NotificationBody("OTHER"));
  chain_.CommitEntries({other});

  const std::vector<Dropped> dropped = pool_.OnFinal({other});
  ASSERT_EQ(dropped.size(), 3u);
  EXPECT_EQ(dropped[0].refusal.reason, "SEQUENCE_ALREADY_USED");
  EXPECT_EQ(dropped[2].refusal.subject, "AAA/3");
  EXPECT_NE(dropped[2].refusal.message.find("refused with AAA/1, to which it is linked"),
            std::string::npos);
  EXPECT_EQ(Authors(pool_.All()), "B");
  AddAll({chain_.Notify("AAA")});
}

TEST_F(PoolTest, WhatALeaderCouldNotApplyLeavesWithWhatIsLinkedToIt) {
  const std::vector<EntryPtr> entries = Notify("AAA", 4);
  AddAll(entries);
  const std::vector<Dropped> dropped = pool_.Drop(entries[1], {"SOME_RULE", "it is so", "x"});
  ASSERT_EQ(dropped.size(), 3u);
  EXPECT_EQ(dropped[0].entry, entries[1]);
  EXPECT_EQ(dropped[0].refusal.message, "it is so");
  EXPECT_EQ(dropped[1].refusal.reason, "SOME_RULE");
  EXPECT_EQ(pool_.All(), std::vector<EntryPtr>{entries[0]});
  EXPECT_TRUE(pool_.Drop(entries[1], {"SOME_RULE", "it is so", "x"}).empty());

  // What was dropped no longer counts when the next entries are checked.
  chain_.RewindTo(*entries[0]);
  AddAll({chain_.File("AAA", NotificationBody("N-2"))});
}

TEST_F(PoolTest, EntriesExpireWithWhatIsLinkedToThem) {
  AddAll(Notify("AAA", 2));  // until a year after the founding
  AddAll(Notify("BBB", 1));
  EXPECT_TRUE(pool_.Expire(kFounded + Days(365)).empty());
  const std::vector<Dropped> dropped = pool_.Expire(kFounded + Days(365) + Microseconds(1));
  ASSERT_EQ(dropped.size(), 3u);
  EXPECT_EQ(dropped[0].refusal.reason, "EXPIRED");
  EXPECT_EQ(dropped[0].refusal.message,
            "AAA/1 was not ordered before its not_after, 2027-01-01T00:00:00Z; sign it anew with a "
            "later one");
  EXPECT_TRUE(pool_.empty());
}

TEST_F(PoolTest, WhatAnotherAuthorsFinalEntryMadeUnfitLeaves) {
  const EntryPtr first = chain_.File("AAA", testing::RevisionOpenBody());
  const EntryPtr other = chain_.File("BBB", testing::RevisionOpenBody());
  const EntryPtr behind = chain_.Notify("BBB");
  const EntryPtr fit = chain_.Notify("CCC");
  AddAll({first, other, behind, fit});
  EXPECT_TRUE(pool_.DropUnfit(now_, now_).empty());
  chain_.CommitEntries({first});
  EXPECT_TRUE(pool_.OnFinal({first}).empty());
  const std::vector<Dropped> dropped = pool_.DropUnfit(now_, now_);
  ASSERT_EQ(dropped.size(), 2u);
  EXPECT_EQ(dropped[0].entry, other);
  EXPECT_EQ(dropped[0].refusal.reason, "ANOTHER_ROUND_OPEN");
  EXPECT_EQ(dropped[1].entry, behind);
  EXPECT_EQ(Authors(pool_.All()), "C");
}

TEST_F(PoolTest, WhatIsFitAtOneOfTheTimesStays) {
  const EntryPtr entry = chain_.Notify("AAA");
  AddAll({entry});
  const Time late = entry->header().not_after + Seconds(1);
  EXPECT_TRUE(pool_.DropUnfit(now_, late).empty());
  EXPECT_EQ(pool_.DropUnfit(late, late).size(), 1u);
}

}  // namespace
}  // namespace assent::pool
