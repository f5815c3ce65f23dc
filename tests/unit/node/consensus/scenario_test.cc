// Whole stories, each named for what once went wrong or could.
#include <gtest/gtest.h>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

TEST(ScenarioTest, AnEntryBecomesFinalInOneRound) {
  Cluster cluster(4);
  cluster.ConnectAll();
  cluster.AddWork(MakeEntry(1));
  for (Position p = 0; p < 4; ++p) {
    ASSERT_EQ(cluster.node(p).delivered().size(), 1u) << p;
    EXPECT_EQ(cluster.node(p).delivered()[0].block->entries.size(), 1u);
    EXPECT_NE(cluster.node(p).delivered()[0].certificate, nullptr);
    EXPECT_FALSE(cluster.node(p).core().has_work());
  }
}

TEST(ScenarioTest, AllBlocksFollowEachOther) {
  Cluster cluster(7);
  cluster.ConnectAll();
  for (std::uint64_t i = 1; i <= 30; ++i) cluster.AddWork(MakeEntry(i));
  for (Position p = 0; p < 7; ++p) {
    const auto& delivered = cluster.node(p).delivered();
    ASSERT_EQ(delivered.size(), 30u);
    for (std::size_t i = 1; i < delivered.size(); ++i) {
      EXPECT_EQ(delivered[i].block->header.parent, delivered[i - 1].block->hash);
    }
    EXPECT_EQ(delivered.back().block->hash, cluster.node(0).delivered().back().block->hash);
  }
}

TEST(ScenarioTest, ALedgerOfOneVoterIsLegal) {
  Cluster cluster(1);
  cluster.AddWork(MakeEntry(1));
  cluster.AddWork(MakeEntry(2));
  ASSERT_EQ(cluster.node(0).delivered().size(), 2u);
  EXPECT_TRUE(cluster.node(0).sent().empty());
}

TEST(ScenarioTest, TwoAndThreeVotersNeedEverybody) {
  for (const std::size_t n : {2u, 3u}) {
    Cluster cluster(n);
    cluster.ConnectAll();
    cluster.AddWork(MakeEntry(1));
    EXPECT_EQ(cluster.node(0).delivered().size(), 1u);
    cluster.Crash(n - 1);
    cluster.AddWork(MakeEntry(2));
    cluster.Run(Seconds(30));
    EXPECT_EQ(cluster.node(0).delivered().size(), 1u);
    cluster.Restart(n - 1);
    cluster.Run(Seconds(60));
    EXPECT_EQ(cluster.node(0).delivered().back().block->header.tree_size, 2u) << n;
  }
}

TEST(ScenarioTest, ASilentLeaderIsSkipped) {
  Cluster cluster(4);
  cluster.ConnectAll();
  const Position silent = cluster.voters().Leader(1);
  cluster.passes = [silent](Position from, Position, const Message&) { return from != silent; };
  cluster.AddWork(MakeEntry(1));
  cluster.Run(Seconds(3));
  for (Position p = 0; p < 4; ++p) {
    ASSERT_EQ(cluster.node(p).delivered().size(), 1u) << p;
    EXPECT_EQ(cluster.node(p).delivered()[0].block->header.view, View(2));
  }
}

// The leader of view 1 sends its block to A and B and its own vote only to A. A votes Finalize and
// crashes: it may not skip the view any more, and nobody else knows of the certificate. Had A not
// written the certificate before its vote, neither could the view be skipped nor anybody leave it:
// the log would stand still for ever.
TEST(ScenarioTest, LeaderSendsToTwoAndItsVoteToOneThatCrashes) {
  Cluster cluster(4);
  cluster.ConnectAll();
  const Position leader = cluster.voters().Leader(1);
  const Position a = (leader + 1) % 4;
  const Position b = (leader + 2) % 4;
  cluster.passes = [=](Position from, Position to, const Message& message) {
    if (from == a) return false;  // what A still sends is lost
    if (from != leader) return true;
    if (std::holds_alternative<Proposal>(message)) return to == a || to == b;
    return to == a && std::holds_alternative<Vote>(message);
  };
  cluster.AddWork(MakeEntry(1));
  ASSERT_TRUE(cluster.node(a).Cast(VoteKind::kFinalize, 1));
  cluster.Crash(a);
  // The leader stays silent from now on.
  cluster.passes = [=](Position from, Position, const Message&) { return from != leader; };
  cluster.Run(Seconds(20));
  EXPECT_TRUE(cluster.node(b).delivered().empty());
  cluster.Restart(a);
  cluster.Run(Seconds(60));
  for (Position p = 0; p < 4; ++p) {
    if (p == leader) continue;
    ASSERT_FALSE(cluster.node(p).delivered().empty()) << p;
    // A may not skip view 1, so its block became part of the chain.
    EXPECT_EQ(cluster.node(p).delivered()[0].block->header.view, View(1));
    EXPECT_FALSE(cluster.node(a).Cast(VoteKind::kSkip, 1));
  }
}

TEST(ScenarioTest, EveryoneCrashesWithANotarizedBlock) {
  Cluster cluster(4);
  cluster.ConnectAll();
  cluster.passes = [](Position, Position, const Message& message) {
    const auto* vote = std::get_if<Vote>(&message);
    return vote == nullptr || vote->statement.kind != VoteKind::kFinalize;
  };
  cluster.AddWork(MakeEntry(1));
  ASSERT_TRUE(cluster.node(0).Cast(VoteKind::kFinalize, 1));
  for (Position p = 0; p < 4; ++p) {
    cluster.Crash(p);
    cluster.node(p).pool().clear();
  }
  cluster.passes = [](Position, Position, const Message&) { return true; };
  for (Position p = 0; p < 4; ++p) cluster.Restart(p);
  cluster.Run(Seconds(10));
  for (Position p = 0; p < 4; ++p) {
    ASSERT_FALSE(cluster.node(p).delivered().empty()) << p;
    EXPECT_EQ(cluster.node(p).delivered()[0].block->header.view, View(1));
    EXPECT_EQ(cluster.node(p).delivered()[0].block->entries.size(), 1u);
  }
}

TEST(ScenarioTest, AnEquivocatingLeaderIsProvedAndDoesNotStopTheLog) {
  Cluster cluster(4);
  cluster.ConnectAll();
  const Voters& voters = cluster.voters();
  const Position leader = voters.Leader(1);
  cluster.Crash(leader);
  for (Position p = 0; p < 4; ++p) {
    if (p == leader) continue;
    cluster.node(p).Propose(voters.MakeBlock(1, {MakeEntry(p % 2 + 1)}));
    cluster.node(p).Propose(voters.MakeBlock(1, {MakeEntry((p + 1) % 2 + 1)}));
  }
  cluster.Settle();
  cluster.AddWork(MakeEntry(9));
  cluster.Run(Seconds(10));
  for (Position p = 0; p < 4; ++p) {
    if (p == leader) continue;
    EXPECT_EQ(cluster.node(p).evidence().size(), 1u);
    EXPECT_FALSE(cluster.node(p).delivered().empty());
  }
}

TEST(ScenarioTest, APartitionHealsAndBothSidesAgree) {
  Cluster cluster(4);
  cluster.ConnectAll();
  cluster.passes = [](Position from, Position to, const Message&) { return from % 2 == to % 2; };
  cluster.AddWork(MakeEntry(1));
  cluster.Run(Seconds(40));
  for (Position p = 0; p < 4; ++p) EXPECT_TRUE(cluster.node(p).delivered().empty());
  cluster.passes = [](Position, Position, const Message&) { return true; };
  cluster.Run(Seconds(40));
  for (Position p = 0; p < 4; ++p) {
    ASSERT_FALSE(cluster.node(p).delivered().empty());
    EXPECT_EQ(cluster.node(p).delivered()[0].block->hash,
              cluster.node(0).delivered()[0].block->hash);
  }
}

}  // namespace
}  // namespace assent::consensus
