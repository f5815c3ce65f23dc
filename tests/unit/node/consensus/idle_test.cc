// SPECIFICATION.md, "Quiet when idle", "Timer" and "Standstill".
#include <gtest/gtest.h>

#include "node/consensus/timer.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class IdleTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
};

TEST_F(IdleTest, AnIdleNodeSendsNothing) {
  node_.Run(Seconds(50));
  EXPECT_TRUE(node_.sent().empty());
  EXPECT_FALSE(node_.core().has_work());
}

TEST_F(IdleTest, AnIdleNodeWaitsForTheHeartbeatOnly) {
  const Instant due = node_.now().mono + Duration{Seconds(60).us - node_.now().mono.us};
  EXPECT_EQ(node_.deadline(), due);
}

TEST_F(IdleTest, AnIdleLedgerMakesHeartbeatsAndNothingElse) {
  Cluster cluster(4);
  cluster.ConnectAll();
  cluster.Run(Seconds(300));
  const auto& delivered = cluster.node(0).delivered();
  EXPECT_GE(delivered.size(), 4u);
  EXPECT_LE(delivered.size(), 5u);
  for (const FinalBlock& block : delivered) EXPECT_TRUE(block.block->entries.empty());
  EXPECT_EQ(cluster.node(0).standstills(), 0);
}

TEST_F(IdleTest, AnEntryWakesANode) {
  node_.AddWork(MakeEntry(1));
  EXPECT_TRUE(node_.core().has_work());
}

TEST_F(IdleTest, OnePeerDoesNotWakeANode) {
  node_.Receive(voters_.MakeVote(1, VoteKind::kSkip, 1));
  EXPECT_FALSE(node_.core().has_work());
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, one_->hash));
  EXPECT_FALSE(node_.core().has_work());
}

TEST_F(IdleTest, MessagesOfMoreThanFVotersWakeANode) {
  node_.Receive(voters_.MakeVote(1, VoteKind::kSkip, 1));
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 1));
  EXPECT_TRUE(node_.core().has_work());
  node_.Run(Seconds(2));
  EXPECT_TRUE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(IdleTest, ANotarizedBlockThatDoesNotBecomeFinalIsWork) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_FALSE(node_.core().has_work());
  node_.Run(Milliseconds(1'100));
  EXPECT_TRUE(node_.core().has_work());
  node_.Receive(1, {voters_.Final(*one_)});
  EXPECT_FALSE(node_.core().has_work());
}

TEST_F(IdleTest, AnEmptyBlockBringsANotarizedOneToItsEnd) {
  Node leader(&voters_, voters_.Leader(2));
  leader.Propose(one_);
  leader.Receive(1, {voters_.Notarized(*one_)});
  leader.TakeSent();
  leader.Run(Milliseconds(1'100));
  bool proposed = false;
  for (const Send& send : leader.sent()) {
    const auto* proposal = std::get_if<Proposal>(&send.message);
    if (proposal == nullptr) continue;
    proposed = true;
    EXPECT_TRUE(proposal->block->entries.empty());
    EXPECT_EQ(proposal->block->header.parent, one_->hash);
  }
  EXPECT_TRUE(proposed);
}

TEST_F(IdleTest, TheTimerGrowsWithTheViewsAndIsCapped) {
  Timing timing;
  EXPECT_EQ(ViewTimeout(timing, 0), Seconds(2));
  EXPECT_EQ(ViewTimeout(timing, 1), Seconds(3));
  EXPECT_EQ(ViewTimeout(timing, 2), Milliseconds(4'500));
  EXPECT_EQ(ViewTimeout(timing, 1'000'000'000), Seconds(60));
}

TEST_F(IdleTest, ATimerThatCannotGrowEnds) {
  Timing timing;
  timing.growth_num = timing.growth_den = 1;
  EXPECT_EQ(ViewTimeout(timing, 1'000'000'000), Seconds(2));
}

TEST_F(IdleTest, ALaterViewIsGivenMoreTime) {
  node_.AddWork(MakeEntry(1));
  node_.Receive(1, {voters_.Skipped(1)});
  node_.Run(Milliseconds(2'999));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 2));
  node_.Run(Milliseconds(1));
  EXPECT_TRUE(node_.Cast(VoteKind::kSkip, 2));
}

TEST_F(IdleTest, ADisconnectedLeaderIsSkippedAtOnce) {
  node_.Step(PeerUp{1});
  node_.Step(PeerUp{3});
  node_.AddWork(MakeEntry(1));
  EXPECT_TRUE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(IdleTest, ButNotByANodeThatIsItselfCutOff) {
  node_.Step(PeerUp{1});
  node_.AddWork(MakeEntry(1));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(IdleTest, AndNotWhileThereIsNoWork) {
  node_.Step(PeerUp{1});
  node_.Step(PeerUp{3});
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(IdleTest, AndNotAfterNViewsWithoutFinality) {
  node_.Step(PeerUp{1});
  node_.Step(PeerUp{3});
  node_.Receive(1,
                {voters_.Skipped(1), voters_.Skipped(2), voters_.Skipped(3), voters_.Skipped(4)});
  ASSERT_EQ(voters_.Leader(5), 2u);
  node_.AddWork(MakeEntry(1));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 5));
}

TEST_F(IdleTest, StandstillRepeatsWhatOthersMayLack) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_)});
  node_.AddWork(MakeEntry(2));
  node_.Run(Milliseconds(4'900));
  node_.TakeSent();
  EXPECT_EQ(node_.standstills(), 0);
  node_.Run(Milliseconds(200));
  EXPECT_EQ(node_.standstills(), 1);
  int certificates = 0;
  std::vector<VoteKind> votes;
  for (const Send& send : node_.sent()) {
    EXPECT_EQ(send.to, std::nullopt);
    if (std::holds_alternative<CertificateMessage>(send.message)) ++certificates;
    if (const auto* vote = std::get_if<Vote>(&send.message)) votes.push_back(vote->statement.kind);
  }
  EXPECT_EQ(certificates, 1);
  EXPECT_EQ(votes, (std::vector<VoteKind>{VoteKind::kFinalize, VoteKind::kSkip}));
  node_.Run(Seconds(10));
  EXPECT_EQ(node_.standstills(), 3);
}

TEST_F(IdleTest, ThereIsNoStandstillWithoutWork) {
  node_.Run(Seconds(55));
  EXPECT_EQ(node_.standstills(), 0);
}

TEST_F(IdleTest, AStandingLeaderRepeatsItsBlock) {
  Node leader(&voters_, 2);
  leader.AddWork(MakeEntry(1));
  leader.TakeSent();
  leader.Run(Milliseconds(5'100));
  bool repeated = false;
  for (const Send& send : leader.sent()) {
    repeated = repeated || std::holds_alternative<Proposal>(send.message);
  }
  EXPECT_TRUE(repeated);
}

}  // namespace
}  // namespace assent::consensus
