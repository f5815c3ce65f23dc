// SPECIFICATION.md, "Restoring": a node that may have forgotten its votes.
#include <gtest/gtest.h>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class RestoringTest : public ::testing::Test {
 protected:
  static Nonce AskedWith(const Node& node) {
    for (const Send& send : node.sent()) {
      if (const auto* request = std::get_if<RestoreRequest>(&send.message)) return request->nonce;
    }
    ADD_FAILURE() << "the node has not asked";
    return Nonce();
  }
  RestoreResponse AnswerOf(const Node& node, std::uint64_t view) const {
    RestoreResponse answer;
    answer.nonce = AskedWith(node);
    answer.epoch = kEpoch;
    answer.view = View(view);
    if (view > 1) answer.certificate = voters_.Skipped(view - 1);
    return answer;
  }

  Voters voters_{4};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
};

TEST_F(RestoringTest, ANodeThatRestoresAsksAllAndVotesForNothing) {
  Node node(&voters_, 0, {.restoring = true});
  EXPECT_TRUE(node.core().restoring());
  EXPECT_EQ(node.sent().size(), 3u);
  node.Propose(one_);
  node.AddWork(MakeEntry(1));
  node.Run(Seconds(20));
  EXPECT_TRUE(node.CastNone(1));
}

TEST_F(RestoringTest, ItVotesOnlyAfterTheHighestViewAndOneMore) {
  Node node(&voters_, 0, {.restoring = true});
  node.Receive(1, AnswerOf(node, 1));
  node.Receive(2, AnswerOf(node, 4));
  EXPECT_TRUE(node.core().restoring());
  node.Receive(3, AnswerOf(node, 2));
  EXPECT_FALSE(node.core().restoring());
  EXPECT_EQ(node.core().votes_from(), View(6));
  EXPECT_EQ(node.restoring_flag(), false);
  node.AddWork(MakeEntry(1));
  std::vector<CertificatePtr> skips;
  for (std::uint64_t view = 1; view <= 5; ++view) {
    node.Run(Seconds(30));
    EXPECT_TRUE(node.CastNone(view));
    node.Receive(1, {voters_.Skipped(view)});
  }
  node.Run(Seconds(30));
  EXPECT_TRUE(node.Cast(VoteKind::kSkip, 6));
}

TEST_F(RestoringTest, TheFloorSurvivesARestart) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) node.Receive(p, AnswerOf(node, 3));
  node.Restart();
  EXPECT_FALSE(node.core().restoring());
  EXPECT_EQ(node.core().votes_from(), View(5));
}

TEST_F(RestoringTest, AnswersOfTheRestoringDoNotCount) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) {
    RestoreResponse answer = AnswerOf(node, 2);
    answer.restoring = p == 3;
    node.Receive(p, answer);
  }
  EXPECT_TRUE(node.core().restoring());
}

TEST_F(RestoringTest, OldAnswersDoNotCount) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) {
    RestoreResponse answer = AnswerOf(node, 2);
    answer.nonce = Nonce();
    node.Receive(p, answer);
  }
  EXPECT_TRUE(node.core().restoring());
}

TEST_F(RestoringTest, ItAsksAgainThoseThatHaveNotAnswered) {
  Node node(&voters_, 0, {.restoring = true});
  node.Receive(1, AnswerOf(node, 1));
  node.TakeSent();
  node.Run(Milliseconds(5'100));
  std::set<Position> asked;
  for (const Send& send : node.sent()) {
    if (std::holds_alternative<RestoreRequest>(send.message)) asked.insert(*send.to);
  }
  EXPECT_EQ(asked, (std::set<Position>{2, 3}));
}

TEST_F(RestoringTest, AnAnswerTellsTheViewItsProofAndTheAskersVotes) {
  Node node(&voters_, 0);
  node.Receive(1, {voters_.Skipped(1)});
  node.Receive(voters_.MakeVote(2, VoteKind::kSkip, 1));
  node.Receive(voters_.MakeVote(2, VoteKind::kSkip, 2));
  node.TakeSent();
  node.Request(2, RestoreRequest{*Nonce::From(std::string(32, 'n'))});
  ASSERT_EQ(node.sent().size(), 1u);
  const auto& answer = std::get<RestoreResponse>(node.sent()[0].message);
  EXPECT_EQ(answer.nonce.str(), std::string(32, 'n'));
  EXPECT_EQ(answer.view, View(2));
  ASSERT_EQ(answer.votes_of_yours.size(), 2u);
  EXPECT_EQ(answer.votes_of_yours[0].statement.view, View(2));  // newest first
  EXPECT_TRUE(voters_.verifier().Check(answer, 2).ok());
}

TEST_F(RestoringTest, WhereEverybodyIsNeededTheOthersReturnTheVotes) {
  const Voters three(3);
  Node node(&three, 0, {.restoring = true});
  const BlockPtr block = three.MakeBlock(1, {MakeEntry(1)});
  RestoreResponse answer;
  answer.nonce = AskedWith(node);
  answer.epoch = kEpoch;
  answer.view = View(2);
  answer.certificate = three.Notarized(*block);
  answer.votes_of_yours = {three.MakeVote(0, VoteKind::kFinalize, 1, block->hash),
                           three.MakeVote(0, VoteKind::kNotarize, 1, block->hash)};
  node.Receive(1, answer);
  EXPECT_TRUE(node.core().restoring());
  answer.votes_of_yours.clear();
  node.Receive(2, answer);
  EXPECT_FALSE(node.core().restoring());
  EXPECT_EQ(node.core().votes_from(), View(1));
  EXPECT_TRUE(node.Journaled(1, RecordKind::kFinalize));
  EXPECT_EQ(node.core().NewestVoteOf(0)->statement.kind, VoteKind::kFinalize);
  // It votes at once, but does not lead where it may have led.
  node.AddWork(MakeEntry(2));
  node.Run(Seconds(10));
  EXPECT_TRUE(node.Cast(VoteKind::kSkip, 2));
}

TEST_F(RestoringTest, AnAdoptedFinalizeVoteWithoutItsCertificateWaitsQuietly) {
  const Voters three(3);
  Node node(&three, 0, {.restoring = true});
  const BlockPtr block = three.MakeBlock(1, {MakeEntry(1)});
  RestoreResponse answer;
  answer.nonce = AskedWith(node);
  answer.epoch = kEpoch;
  answer.view = View(1);
  answer.votes_of_yours = {three.MakeVote(0, VoteKind::kFinalize, 1, block->hash)};
  node.Receive(1, answer);
  answer.votes_of_yours.clear();
  node.Receive(2, answer);
  node.AddWork(MakeEntry(2));
  node.Run(Seconds(30));
  EXPECT_FALSE(node.Cast(VoteKind::kSkip, 1));
  EXPECT_LT(node.sent().size(), 20u);
}

TEST_F(RestoringTest, AloneThereIsNobodyToAsk) {
  const Voters one(1);
  Node node(&one, 0, {.restoring = true});
  node.AddWork(MakeEntry(1));
  node.Run(Seconds(100));
  EXPECT_TRUE(node.core().restoring());
  EXPECT_TRUE(node.sent().empty());
  EXPECT_TRUE(node.delivered().empty());
}

TEST_F(RestoringTest, AnUnknownOwnVoteShowsThatAnOldCopyWasBroughtBack) {
  Node node(&voters_, 0);
  const auto seen = voters_.verifier().Check(voters_.MakeVote(0, VoteKind::kSkip, 3));
  node.Step(OwnVoteSeen{*seen});
  EXPECT_TRUE(node.core().restoring());
  EXPECT_EQ(node.restoring_flag(), true);
  node.AddWork(MakeEntry(1));
  node.Run(Seconds(20));
  EXPECT_TRUE(node.CastNone(1));
}

TEST_F(RestoringTest, AKnownOwnVoteShowsNothing) {
  Node node(&voters_, 0);
  node.Propose(one_);
  node.Step(OwnVoteSeen{*voters_.verifier().Check(*node.Cast(VoteKind::kNotarize, 1))});
  EXPECT_FALSE(node.core().restoring());
}

TEST_F(RestoringTest, OnceRestoredOldVotesShowNothingNew) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) node.Receive(p, AnswerOf(node, 3));
  node.Step(OwnVoteSeen{*voters_.verifier().Check(voters_.MakeVote(0, VoteKind::kSkip, 4))});
  EXPECT_FALSE(node.core().restoring());
  node.Step(OwnVoteSeen{*voters_.verifier().Check(voters_.MakeVote(0, VoteKind::kSkip, 5))});
  EXPECT_TRUE(node.core().restoring());
}

// The others answered from an epoch that was over for it: it led view 1 of the next, alone.
TEST_F(RestoringTest, AfterAnOlderClosingBlockItRestoresAgain) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) node.Receive(p, AnswerOf(node, 4));
  EXPECT_EQ(node.restoring_flag(), false);
  const BlockPtr closing = voters_.MakeClosing(*one_, 3, {MakeEntry(2)});
  node.Step(FinalByCatchUp{{closing->header, closing->hash, voters_.Final(*closing)}});
  EXPECT_TRUE(node.core().over());
  EXPECT_EQ(node.restoring_flag(), true);
}

TEST_F(RestoringTest, AlsoWhenItWasStartedAgainBetween) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) node.Receive(p, AnswerOf(node, 4));
  node.Restart();
  const BlockPtr closing = voters_.MakeClosing(*one_, 3, {MakeEntry(2)});
  node.Step(FinalByCatchUp{{closing->header, closing->hash, voters_.Final(*closing)}});
  EXPECT_EQ(node.restoring_flag(), true);
}

TEST_F(RestoringTest, AfterAClosingBlockThatIsNewToAllItIsRestored) {
  Node node(&voters_, 0, {.restoring = true});
  for (const Position p : {1u, 2u, 3u}) node.Receive(p, AnswerOf(node, 4));
  const BlockPtr closing = voters_.MakeClosing(*one_, 4, {MakeEntry(2)});
  node.Step(FinalByCatchUp{{closing->header, closing->hash, voters_.Final(*closing)}});
  EXPECT_TRUE(node.core().over());
  EXPECT_EQ(node.restoring_flag(), false);
}

TEST_F(RestoringTest, WhoNeverRestoredDoesNotAfterAClosingBlock) {
  Node node(&voters_, 0);
  const BlockPtr closing = voters_.MakeClosing(*one_, 3, {MakeEntry(2)});
  node.Step(FinalByCatchUp{{closing->header, closing->hash, voters_.Final(*closing)}});
  EXPECT_TRUE(node.core().over());
  EXPECT_EQ(node.restoring_flag(), std::nullopt);
}

TEST_F(RestoringTest, ARestoringNodeStillFollows) {
  Node node(&voters_, 0, {.restoring = true});
  node.Propose(one_);
  node.Receive(1, {voters_.MakeCertificate(VoteKind::kFinalize, 1, one_->hash, {1, 2, 3})});
  EXPECT_EQ(node.delivered().size(), 1u);
}

}  // namespace
}  // namespace assent::consensus
