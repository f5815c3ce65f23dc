// SPECIFICATION.md, "The three votes": each condition of each vote.
#include <gtest/gtest.h>

#include "node/consensus/vote_book.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

// Node 0 of four. The leaders of views 1, 2, 3, 4 are 2, 3, 0, 1.
class VotesTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
};

TEST_F(VotesTest, NotarizeIsCastForTheLeadersBlock) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(block);
  const auto vote = node_.Cast(VoteKind::kNotarize, 1);
  ASSERT_TRUE(vote);
  EXPECT_EQ(vote->statement.block_hash, block->hash);
  EXPECT_TRUE(voters_.verifier().Check(*vote).ok());
}

TEST_F(VotesTest, NotarizeGoesToAllVoters) {
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}));
  ASSERT_EQ(node_.sent().size(), 1u);
  EXPECT_EQ(node_.sent()[0].to, std::nullopt);
}

TEST_F(VotesTest, NotarizeIsNotCastForASecondBlockOfTheView) {
  const BlockPtr first = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(first);
  node_.TakeSent();
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(2)}));
  EXPECT_TRUE(node_.sent().empty());
  EXPECT_EQ(node_.Cast(VoteKind::kNotarize, 1)->statement.block_hash, first->hash);
}

TEST_F(VotesTest, NotarizeIsNotCastForASecondBlockThatAQuorumNotarized) {
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}));
  const BlockPtr other = voters_.MakeBlock(1, {MakeEntry(2)});
  node_.TakeSent();
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, other->hash, {1, 2, 3})});
  node_.Propose(other);
  EXPECT_EQ(node_.core().view(), View(2));
  for (const Send& send : node_.sent()) EXPECT_FALSE(std::holds_alternative<Vote>(send.message));
}

TEST_F(VotesTest, NotarizeNeedsTheParentNotarized) {
  const BlockPtr parent = voters_.MakeBlock(1, {MakeEntry(1)});
  const BlockPtr block = voters_.MakeBlock(*parent, 2, {MakeEntry(2)});
  node_.Propose(parent);
  node_.Propose(block);
  node_.Receive(1, {voters_.Skipped(1)});
  ASSERT_EQ(node_.core().view(), View(2));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 2));
  node_.Receive(1, {voters_.Notarized(*parent)});
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 2));
}

TEST_F(VotesTest, NotarizeNeedsTheParentsBlock) {
  const BlockPtr parent = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(voters_.MakeBlock(*parent, 2, {MakeEntry(2)}), {voters_.Notarized(*parent)});
  ASSERT_EQ(node_.core().view(), View(2));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 2));
  node_.Run(Milliseconds(200));
  node_.ReceiveBlock(1, parent);
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 2));
}

TEST_F(VotesTest, NotarizeNeedsASkipCertificateForEveryViewBetween) {
  // Views 1 and 2 are left by notarize certificates of blocks that the proposal of view 3 passes
  // over.
  const BlockPtr one = voters_.MakeBlock(1, {MakeEntry(1)});
  const BlockPtr two = voters_.MakeBlock(*one, 2, {MakeEntry(2)});
  Node node(&voters_, 1);
  node.Receive(0, {voters_.Notarized(*one), voters_.Notarized(*two)});
  ASSERT_EQ(node.core().view(), View(3));
  node.Propose(voters_.MakeBlock(3, {MakeEntry(3)}));
  EXPECT_FALSE(node.Cast(VoteKind::kNotarize, 3));
  node.Receive(0, {voters_.Skipped(1)});
  EXPECT_FALSE(node.Cast(VoteKind::kNotarize, 3));
  node.Receive(0, {voters_.Skipped(2)});
  EXPECT_TRUE(node.Cast(VoteKind::kNotarize, 3));
}

TEST_F(VotesTest, NotarizeNeedsAValidBlock) {
  node_.judge = [](const Block&) { return Verdict::kInvalid; };
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  ASSERT_EQ(node_.invalid().size(), 1u);
  EXPECT_FALSE(node_.invalid()[0].certified);
}

TEST_F(VotesTest, NotarizeNeedsAHeightThatFollows) {
  BlockHeader parent = voters_.genesis().header;
  parent.height = Height(7);
  node_.Propose(voters_.MakeBlock(parent, voters_.genesis().hash, 1, {MakeEntry(1)},
                                  kGenesisTime + Seconds(1)));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  EXPECT_EQ(node_.invalid().size(), 1u);
}

TEST_F(VotesTest, NotarizeNeedsATimeAfterTheParents) {
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}, Milliseconds(0)));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
}

TEST_F(VotesTest, NotarizeWaitsForABlockFromTheFuture) {
  const Duration ahead{node_.now().wall.us - kGenesisTime.us + Seconds(11).us};
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}, ahead));
  node_.Run(Milliseconds(900));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  node_.Run(Milliseconds(200));
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
}

TEST_F(VotesTest, NotarizeIsNotCastForABlockFromThePast) {
  node_.ShiftWall(Seconds(11));
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  EXPECT_TRUE(node_.invalid().empty());  // the skew is no part of validity
}

TEST_F(VotesTest, NotarizeOfAnEmptyBlockNeedsAParentThatIsOldOrNotFinal) {
  node_.Propose(voters_.MakeBlock(1, {}, Seconds(1)));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  Node later(&voters_, 0);
  later.ShiftWall(Seconds(35));
  later.Propose(voters_.MakeBlock(1, {}, Seconds(31)));
  EXPECT_TRUE(later.Cast(VoteKind::kNotarize, 1));
  // On one that is only notarized an empty block makes it final.
  const BlockPtr parent = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Receive(1, {voters_.Skipped(1)});
  Node third(&voters_, 0);
  third.Propose(parent);
  third.Propose(voters_.MakeBlock(*parent, 2, {}), {voters_.Notarized(*parent)});
  EXPECT_TRUE(third.Cast(VoteKind::kNotarize, 2));
}

TEST_F(VotesTest, NotarizeIsCastForAViewThatIsOver) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, block->hash, {1, 2, 3})});
  ASSERT_EQ(node_.core().view(), View(2));
  node_.Propose(block);
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
  EXPECT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
}

TEST_F(VotesTest, FinalizeNeedsTheNotarizeCertificate) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(block);
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, block->hash));
  EXPECT_FALSE(node_.Cast(VoteKind::kFinalize, 1));
  node_.Receive(voters_.MakeVote(2, VoteKind::kNotarize, 1, block->hash));
  ASSERT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
  EXPECT_TRUE(node_.Journaled(1, RecordKind::kNotarized));
  EXPECT_EQ(node_.core().view(), View(2));
}

TEST_F(VotesTest, FinalizeNeedsTheOwnNotarizeVote) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.judge = [](const Block&) { return Verdict::kInvalid; };
  node_.Propose(block);
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, block->hash, {1, 2, 3})});
  EXPECT_EQ(node_.core().view(), View(2));
  EXPECT_FALSE(node_.Cast(VoteKind::kFinalize, 1));
}

TEST_F(VotesTest, FinalizeIsNotCastAfterSkip) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(block);
  node_.Run(Seconds(4));
  ASSERT_TRUE(node_.Cast(VoteKind::kSkip, 1));
  node_.Receive(1, {voters_.Notarized(*block)});
  EXPECT_EQ(node_.core().view(), View(2));
  EXPECT_FALSE(node_.Cast(VoteKind::kFinalize, 1));
}

TEST_F(VotesTest, NotarizeGoesTogetherWithSkip) {
  node_.AddWork(MakeEntry(1));
  node_.Run(Seconds(3));
  ASSERT_TRUE(node_.Cast(VoteKind::kSkip, 1));
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(1)}));
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
}

TEST_F(VotesTest, SkipIsCastWhenTheTimerRunsOut) {
  node_.AddWork(MakeEntry(1));
  node_.Run(Milliseconds(1'999));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 1));
  node_.Run(Milliseconds(1));
  EXPECT_TRUE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(VotesTest, SkipIsNotCastAfterFinalize) {
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(block);
  node_.Receive(1, {voters_.Notarized(*block)});
  ASSERT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
  node_.AddWork(MakeEntry(2));
  node_.Run(Seconds(100));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 1));
  EXPECT_TRUE(node_.Cast(VoteKind::kSkip, 2));
}

TEST_F(VotesTest, NothingIsCastBelowAFinalView) {
  const BlockPtr block = voters_.MakeBlock(2, {MakeEntry(1)});
  node_.Receive(1, {voters_.Final(*block)});
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(2)}));
  node_.AddWork(MakeEntry(3));
  EXPECT_EQ(node_.core().view(), View(3));
  EXPECT_TRUE(node_.CastNone(1));
}

TEST_F(VotesTest, AFollowerVotesForNothing) {
  Node follower(&voters_, 0, {.follower = true});
  const BlockPtr block = voters_.MakeBlock(1, {MakeEntry(1)});
  follower.Propose(block);
  follower.Receive(1, {voters_.Notarized(*block), voters_.Final(*block)});
  follower.Run(Seconds(200));
  EXPECT_TRUE(follower.sent().empty());
  ASSERT_EQ(follower.delivered().size(), 1u);
  EXPECT_EQ(follower.delivered()[0].block->hash, block->hash);
}

// Two notarize certificates come at once, of views far apart. The Finalize vote in the later one
// makes its block final, and then there is nothing left to say of the earlier one.
TEST_F(VotesTest, AFinalizeVoteThatMakesALaterViewFinalIsTheLast) {
  for (std::uint64_t salt = 0; salt < 8; ++salt) {  // the hashes are in either order
    Node node(&voters_, 0);
    const BlockPtr early = voters_.MakeBlock(1, {MakeEntry(100 + salt)});
    node.Propose(early);
    ASSERT_TRUE(node.Cast(VoteKind::kNotarize, 1));
    constexpr std::uint64_t kLater = 1 + 2 * kEvidenceViews;
    for (std::uint64_t view = 1; view < kLater; ++view) node.Receive(1, {voters_.Skipped(view)});
    const BlockPtr later = voters_.MakeBlock(kLater, {MakeEntry(200 + salt)});
    node.Propose(later);
    ASSERT_TRUE(node.Cast(VoteKind::kNotarize, kLater));
    for (const Position p : {1u, 2u}) {
      node.Receive(voters_.MakeVote(p, VoteKind::kFinalize, kLater, later->hash));
    }
    node.Receive(3, {voters_.MakeCertificate(VoteKind::kNotarize, 1, early->hash, {1, 2, 3}),
                     voters_.MakeCertificate(VoteKind::kNotarize, kLater, later->hash, {1, 2, 3})});
    ASSERT_EQ(node.delivered().size(), 1u);
    EXPECT_EQ(node.delivered()[0].block->hash, later->hash);
  }
}

}  // namespace
}  // namespace assent::consensus
