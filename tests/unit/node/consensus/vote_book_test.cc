// The book of votes under load: what it must never forget, and what it must.
#include "node/consensus/vote_book.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class VoteBookTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  VoteBook book_{&voters_.set(), 0, View(0)};
};

TEST_F(VoteBookTest, TheQuorumthVoteMakesTheCertificate) {
  EXPECT_EQ(book_.AddVote(voters_.MakeVote(0, VoteKind::kSkip, 1)), nullptr);
  EXPECT_EQ(book_.AddVote(voters_.MakeVote(2, VoteKind::kSkip, 1)), nullptr);
  const CertificatePtr formed = book_.AddVote(voters_.MakeVote(3, VoteKind::kSkip, 1));
  ASSERT_NE(formed, nullptr);
  EXPECT_TRUE(VerifyCertificate(*formed, voters_.ledger(), voters_.set()).ok());
  EXPECT_EQ(book_.AddVote(voters_.MakeVote(1, VoteKind::kSkip, 1)), nullptr);
  EXPECT_EQ(book_.Find(View(1), VoteKind::kSkip), formed);
}

TEST_F(VoteBookTest, VotesForDifferentBlocksDoNotAddUp) {
  book_.AddVote(voters_.MakeVote(0, VoteKind::kNotarize, 1, BlockHash("a")));
  book_.AddVote(voters_.MakeVote(1, VoteKind::kNotarize, 1, BlockHash("a")));
  EXPECT_EQ(book_.AddVote(voters_.MakeVote(2, VoteKind::kNotarize, 1, BlockHash("b"))), nullptr);
}

TEST_F(VoteBookTest, AllSkippedMeansEveryViewBetween) {
  EXPECT_TRUE(book_.AllSkipped(View(3), View(4)));
  EXPECT_FALSE(book_.AllSkipped(View(0), View(2)));
  book_.AddCertificate(voters_.Skipped(1));
  book_.AddCertificate(voters_.Skipped(3));
  EXPECT_TRUE(book_.AllSkipped(View(0), View(2)));
  EXPECT_FALSE(book_.AllSkipped(View(0), View(4)));
  book_.AddCertificate(voters_.Skipped(2));
  EXPECT_TRUE(book_.AllSkipped(View(0), View(4)));
  EXPECT_FALSE(book_.AllSkipped(View(0), View(5)));
}

TEST_F(VoteBookTest, TheNewestVoteOutlivesFinality) {
  book_.AddVote(voters_.MakeVote(1, VoteKind::kSkip, 5));
  book_.AddVote(voters_.MakeVote(1, VoteKind::kSkip, 4));
  book_.Forget(View(100));
  ASSERT_TRUE(book_.NewestOf(1));
  EXPECT_EQ(book_.NewestOf(1)->statement.view, View(5));
  EXPECT_EQ(book_.VoteOf(1, View(5), VoteKind::kSkip), nullptr);
}

// Also where the blocks are not here yet, and where views between were passed over.
TEST_F(VoteBookTest, WhatIsOlderThanTheLastFinalViewGoes) {
  for (std::uint64_t view = 1; view <= 100; view += 3) {
    for (const Position p : {0u, 1u}) book_.AddVote(voters_.MakeVote(p, VoteKind::kSkip, view));
    const Hash block = BlockHash(std::to_string(view));
    book_.AddCertificate(voters_.MakeCertificate(VoteKind::kFinalize, view + 1, block, {0, 1, 2}));
  }
  EXPECT_EQ(book_.VoteOf(0, View(1), VoteKind::kSkip), nullptr);
  EXPECT_EQ(book_.Find(View(2), VoteKind::kFinalize), nullptr);
  EXPECT_NE(book_.VoteOf(0, View(100), VoteKind::kSkip), nullptr);
  EXPECT_NE(book_.Find(View(98), VoteKind::kFinalize), nullptr);
  EXPECT_EQ(book_.highest_final()->statement.view, View(101));
}

TEST_F(VoteBookTest, LongWithoutFinalityVotesOfOthersGoAndOwnOnesStay) {
  for (std::uint64_t view = 1; view <= 2 * kTallyViewsMax; ++view) {
    for (const Position p : {0u, 1u, 2u}) book_.AddVote(voters_.MakeVote(p, VoteKind::kSkip, view));
  }
  EXPECT_EQ(book_.VoteOf(1, View(1), VoteKind::kSkip), nullptr);
  EXPECT_NE(book_.VoteOf(0, View(1), VoteKind::kSkip), nullptr);
  EXPECT_NE(book_.VoteOf(1, View(2 * kTallyViewsMax), VoteKind::kSkip), nullptr);
  EXPECT_TRUE(book_.AllSkipped(View(0), View(2 * kTallyViewsMax + 1)));
}

TEST_F(VoteBookTest, AViewCannotBeFinalAndSkipped) {
  const BlockPtr block = voters_.MakeBlock(3, {});
  book_.AddCertificate(voters_.Skipped(3));
  EXPECT_TRUE(book_.broken().empty());
  book_.AddCertificate(voters_.Final(*block));
  EXPECT_FALSE(book_.broken().empty());
}

TEST_F(VoteBookTest, AViewCannotHaveTwoNotarizedBlocks) {
  book_.AddCertificate(voters_.Notarized(*voters_.MakeBlock(3, {})));
  book_.AddCertificate(voters_.Notarized(*voters_.MakeBlock(3, {MakeEntry(1)})));
  EXPECT_FALSE(book_.broken().empty());
}

}  // namespace
}  // namespace assent::consensus
