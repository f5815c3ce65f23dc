// SPECIFICATION.md, "The end of an epoch".
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class EpochsTest : public ::testing::Test {
 protected:
  // leader(1) = 2, leader(2) = 3, leader(3) = 0.
  Voters voters_{4};
  Node node_{&voters_, 0};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
  BlockPtr closing_ = voters_.MakeClosing(*one_, 2, {MakeEntry(2)});

  // The closing block is notarized, and not final.
  void Notarize() {
    node_.Propose(one_);
    node_.Propose(closing_, {voters_.Notarized(*one_)});
    node_.Receive(1, {voters_.Notarized(*closing_)});
  }
  BlockPtr Proposed() {
    for (const Send& send : node_.TakeSent()) {
      if (const auto* proposal = std::get_if<Proposal>(&send.message)) return proposal->block;
    }
    return nullptr;
  }
};

TEST_F(EpochsTest, AClosingBlockWithItsOwnCertificateEndsTheEpoch) {
  Notarize();
  node_.Receive(1, {voters_.Final(*closing_)});
  ASSERT_EQ(node_.delivered().size(), 2u);
  const FinalBlock& last = node_.delivered()[1];
  EXPECT_EQ(last.block->hash, closing_->hash);
  ASSERT_NE(last.certificate, nullptr);
  EXPECT_EQ(last.certificate->statement.block_hash, closing_->hash);
  EXPECT_TRUE(last.tail.empty());
  EXPECT_TRUE(node_.core().over());
  EXPECT_EQ(node_.core().final_tip().hash, closing_->hash);
}

TEST_F(EpochsTest, WhenItIsOverNothingOfTheEpochIsKeptOrSaid) {
  Notarize();
  node_.Receive(1, {voters_.Final(*closing_)});
  EXPECT_TRUE(node_.journal().empty());
  node_.TakeSent();
  node_.AddWork(MakeEntry(3));
  node_.Receive(voters_.MakeVote(2, VoteKind::kSkip, 3));
  node_.Run(Seconds(300));
  EXPECT_TRUE(node_.sent().empty());
  EXPECT_EQ(node_.delivered().size(), 2u);
  EXPECT_FALSE(node_.deadline());
}

TEST_F(EpochsTest, ALeaderProposesATailWhenTheClosingBlockIsNotFinal) {
  Notarize();
  node_.TakeSent();
  node_.AddWork(MakeEntry(3));
  EXPECT_EQ(Proposed(), nullptr) << "no entry may follow, and it can become final by itself";
  node_.Run(Seconds(1));
  const BlockPtr tail = Proposed();
  ASSERT_NE(tail, nullptr);
  EXPECT_TRUE(IsTailOf(closing_->header, closing_->hash, tail->header));
  EXPECT_EQ(tail->header.view, View(3));
  EXPECT_TRUE(tail->entries.empty());
}

TEST_F(EpochsTest, ATailMakesTheClosingBlockFinal) {
  Notarize();
  node_.Run(Seconds(1));
  const BlockPtr tail = Proposed();
  ASSERT_NE(tail, nullptr);
  node_.Receive(1, {voters_.Notarized(*tail)});
  EXPECT_TRUE(node_.Cast(VoteKind::kFinalize, 3));
  node_.Receive(1, {voters_.Final(*tail)});
  ASSERT_EQ(node_.delivered().size(), 2u) << "the tail is never delivered";
  const FinalBlock& last = node_.delivered()[1];
  EXPECT_EQ(last.block->hash, closing_->hash);
  EXPECT_EQ(last.tail, std::vector<std::string>{tail->header_bytes});
  ASSERT_NE(last.certificate, nullptr);
  EXPECT_EQ(last.certificate->statement.block_hash, tail->hash);
  EXPECT_TRUE(node_.core().over());
  EXPECT_EQ(node_.core().final_tip().hash, closing_->hash);
}

TEST_F(EpochsTest, TailsMayFollowTails) {
  Notarize();
  const BlockPtr first = voters_.MakeTailOn(*closing_, 4);
  const BlockPtr second = voters_.MakeTailOn(*first, 5);
  node_.Receive(1, {voters_.Skipped(3)});
  node_.Propose(first);
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 4));
  node_.Propose(second, {voters_.Notarized(*first)});
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 5));
  node_.Receive(1, {voters_.Final(*second)});
  ASSERT_EQ(node_.delivered().size(), 2u);
  EXPECT_EQ(node_.delivered()[1].tail,
            (std::vector<std::string>{first->header_bytes, second->header_bytes}));
}

// It has the time of the closing block, which may have waited for long.
TEST_F(EpochsTest, ATailIsVotedForHoweverOldTheClosingBlockIs) {
  Notarize();
  node_.ShiftWall(Seconds(3'600));
  const BlockPtr tail = voters_.MakeTailOn(*closing_, 4);
  node_.Receive(1, {voters_.Skipped(3)});
  node_.Propose(tail, {voters_.Notarized(*closing_), voters_.Skipped(3)});
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 4));
}

TEST_F(EpochsTest, ATailThatIsMissingIsFetched) {
  Notarize();
  const BlockPtr tail = voters_.MakeTailOn(*closing_, 4);
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kFinalize, 4, tail->hash, {1, 2, 3})});
  EXPECT_TRUE(node_.delivered().empty()) << "the way from it to the closing block is not known";
  node_.Run(Seconds(1));
  node_.ReceiveBlock(1, tail);
  node_.ReceiveBlock(2, tail);
  node_.ReceiveBlock(3, tail);
  EXPECT_TRUE(node_.core().over());
}

TEST_F(EpochsTest, ARangeThatEndsInTheClosingBlockEndsTheEpoch) {
  const BlockPtr tail = voters_.MakeTailOn(*closing_, 3);
  node_.Step(FinalByCatchUp{{closing_->header, closing_->hash, voters_.Final(*tail)}});
  EXPECT_TRUE(node_.core().over());
  EXPECT_TRUE(node_.delivered().empty());
  node_.TakeSent();
  node_.Run(Seconds(60));
  EXPECT_TRUE(node_.sent().empty()) << "nothing of it is asked for";
}

TEST_F(EpochsTest, NothingElseFollowsAClosingBlock) {
  Notarize();
  node_.Receive(1, {voters_.Skipped(3)});
  node_.Propose(voters_.MakeBlock(*closing_, 4, {MakeEntry(3)}));
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 4));
  ASSERT_EQ(node_.invalid().size(), 1u);
  EXPECT_FALSE(node_.invalid()[0].certified);
}

TEST_F(EpochsTest, ATailMustCopyTheClosingBlock) {
  Notarize();
  node_.Receive(1, {voters_.Skipped(3)});
  Block other = *closing_;
  other.header.state_digest = one_->hash;
  BlockPtr tail = voters_.MakeTailOn(other, 4);  // its parent is the right one
  ASSERT_EQ(tail->header.parent, closing_->hash);
  node_.Propose(tail);
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 4));
  EXPECT_EQ(node_.invalid().size(), 1u);
}

TEST_F(EpochsTest, ATailOnAnOrdinaryBlockIsInvalid) {
  node_.Propose(one_);
  Block lying = *one_;
  lying.header.kind = BlockKind::kClosing;
  node_.Propose(voters_.MakeTailOn(lying, 2), {voters_.Notarized(*one_)});
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 2));
  EXPECT_EQ(node_.invalid().size(), 1u);
}

TEST_F(EpochsTest, ARestartInTheMiddleOfItKeepsTheVotes) {
  Notarize();
  ASSERT_TRUE(node_.Cast(VoteKind::kFinalize, 2));
  node_.Run(Seconds(1));
  const BlockPtr tail = Proposed();
  ASSERT_NE(tail, nullptr);
  node_.Restart();
  node_.PeersUp();
  const BlockPtr again = Proposed();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->hash, tail->hash);
  node_.Receive(1, {voters_.Final(*tail)});
  EXPECT_TRUE(node_.core().over());
}

TEST(EpochsClusterTest, AllNodesReachTheEndThoughFinalizeVotesAreLost) {
  Cluster cluster(4);
  cluster.ConnectAll();
  for (Position p = 0; p < 4; ++p) {
    cluster.node(p).closes = [](const std::vector<EntryPtr>& entries) {
      return !entries.empty() && entries.back()->header().sequence == Sequence(2);
    };
  }
  cluster.AddWork(MakeEntry(1));
  cluster.Run(Seconds(1));
  // The votes that would make the closing block final by itself get to nobody.
  std::uint64_t closing_view = 0;
  cluster.passes = [&](Position, Position, const Message& message) {
    if (const auto* proposal = std::get_if<Proposal>(&message)) {
      const BlockHeader& header = proposal->block->header;
      if (header.kind == BlockKind::kClosing) closing_view = header.view.value();
    }
    const auto* vote = std::get_if<Vote>(&message);
    return vote == nullptr || vote->statement.kind != VoteKind::kFinalize ||
           vote->statement.view != View(closing_view);
  };
  cluster.AddWork(MakeEntry(2));
  cluster.Run(Seconds(30));
  ASSERT_GT(closing_view, 0u);
  for (Position p = 0; p < 4; ++p) {
    EXPECT_TRUE(cluster.node(p).core().over()) << p;
    ASSERT_FALSE(cluster.node(p).delivered().empty());
    const FinalBlock& last = cluster.node(p).delivered().back();
    EXPECT_EQ(last.block->header.kind, BlockKind::kClosing);
    EXPECT_EQ(last.block->hash, cluster.node(0).delivered().back().block->hash);
  }
}

}  // namespace
}  // namespace assent::consensus
