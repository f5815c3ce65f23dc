// SPECIFICATION.md, "Proposing".
#include <gtest/gtest.h>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

std::optional<Proposal> Proposed(const Node& node) {
  for (const Send& send : node.sent()) {
    if (const auto* proposal = std::get_if<Proposal>(&send.message)) return *proposal;
  }
  return std::nullopt;
}

// Four voters. The leaders of views 1, 2, 3, 4 are 2, 3, 0, 1.
class ProposingTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
};

TEST_F(ProposingTest, TheLeaderProposesWhenAnEntryArrives) {
  Node leader(&voters_, 2);
  EXPECT_FALSE(Proposed(leader));
  leader.AddWork(MakeEntry(1));
  const auto proposal = Proposed(leader);
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->block->header.view, View(1));
  EXPECT_EQ(proposal->block->header.parent, voters_.genesis().hash);
  EXPECT_TRUE(voters_.verifier().Check(*proposal).ok());
  EXPECT_TRUE(leader.Cast(VoteKind::kNotarize, 1));
}

TEST_F(ProposingTest, OthersDoNot) {
  Node other(&voters_, 1);
  other.AddWork(MakeEntry(1));
  EXPECT_FALSE(Proposed(other));
}

TEST_F(ProposingTest, OnlyOneBlockIsProposedInAView) {
  Node leader(&voters_, 2);
  leader.AddWork(MakeEntry(1));
  leader.TakeSent();
  leader.AddWork(MakeEntry(2));
  EXPECT_FALSE(Proposed(leader));
}

TEST_F(ProposingTest, TheBlockStandsOnTheHighestNotarizedOneBeforeItIsFinal) {
  Node leader(&voters_, 3);
  leader.Propose(one_);
  leader.AddWork(MakeEntry(2));
  leader.TakeSent();
  leader.Receive(1, {voters_.Notarized(*one_)});
  const auto proposal = Proposed(leader);
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->block->header.parent, one_->hash);
  ASSERT_EQ(proposal->justification.size(), 1u);
  EXPECT_EQ(proposal->justification[0]->statement, voters_.Notarized(*one_)->statement);
}

TEST_F(ProposingTest, TheJustificationHoldsTheSkipCertificatesBetween) {
  Node leader(&voters_, 0);
  leader.Propose(one_);
  leader.AddWork(MakeEntry(2));
  leader.Receive(1, {voters_.Notarized(*one_), voters_.Skipped(2)});
  const auto proposal = Proposed(leader);
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->block->header.view, View(3));
  EXPECT_EQ(proposal->justification.size(), 2u);
  // Nothing but the proposal is needed to vote for it, when the parent is held.
  Node voter(&voters_, 1);
  voter.Propose(one_);
  voter.Propose(proposal->block, proposal->justification);
  EXPECT_TRUE(voter.Cast(VoteKind::kNotarize, 3));
}

TEST_F(ProposingTest, AMissingParentIsFetchedFirst) {
  Node leader(&voters_, 3);
  leader.AddWork(MakeEntry(2));
  leader.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_FALSE(Proposed(leader));
  leader.TakeSent();
  leader.Run(Milliseconds(150));
  for (const Send& send : leader.TakeSent()) {
    if (std::holds_alternative<BlockRequest>(send.message)) leader.ReceiveBlock(*send.to, one_);
  }
  ASSERT_TRUE(Proposed(leader));
  EXPECT_EQ(Proposed(leader)->block->header.parent, one_->hash);
}

TEST_F(ProposingTest, NoProposalAfterTheOwnSkip) {
  Node leader(&voters_, 2);
  leader.Receive(voters_.MakeVote(0, VoteKind::kSkip, 1));
  leader.Receive(voters_.MakeVote(1, VoteKind::kSkip, 1));
  leader.Run(Seconds(3));
  ASSERT_TRUE(leader.Cast(VoteKind::kSkip, 1));
  leader.AddWork(MakeEntry(1));
  EXPECT_FALSE(Proposed(leader));
}

TEST_F(ProposingTest, TheStampIsTheOwnClockOrJustAfterTheParent) {
  Node leader(&voters_, 2);
  leader.AddWork(MakeEntry(1));
  EXPECT_EQ(Proposed(leader)->block->header.time, leader.now().wall);
  Node behind(&voters_, 2);
  behind.ShiftWall(Duration{-Seconds(8).us});
  behind.AddWork(MakeEntry(1));
  EXPECT_EQ(Proposed(behind)->block->header.time, kGenesisTime + Microseconds(1));
}

TEST_F(ProposingTest, WhatStandsInABlockUnderWayIsNotProposedAgain) {
  Node leader(&voters_, 3);
  leader.AddWork(MakeEntry(1));
  leader.Propose(one_);
  leader.TakeSent();
  leader.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_FALSE(Proposed(leader));
  leader.AddWork(MakeEntry(2));
  ASSERT_TRUE(Proposed(leader));
  EXPECT_EQ(Proposed(leader)->block->entries.size(), 1u);
}

}  // namespace
}  // namespace assent::consensus
