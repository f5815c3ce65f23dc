// SPECIFICATION.md, "Views" and "Messages": moving on, and helping others to.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

template <class T>
std::vector<T> SentTo(const Node& node, std::optional<Position> to) {
  std::vector<T> messages;
  for (const Send& send : node.sent()) {
    const T* message = std::get_if<T>(&send.message);
    if (message != nullptr && send.to == to) messages.push_back(*message);
  }
  return messages;
}

// Node 0 of four. The leaders of views 1, 2, 3, 4 are 2, 3, 0, 1.
class ViewsTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
};

TEST_F(ViewsTest, ANotarizeCertificateLeadsOn) {
  node_.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_EQ(node_.core().view(), View(2));
}

TEST_F(ViewsTest, ASkipCertificateLeadsOn) {
  node_.Receive(1, {voters_.Skipped(1)});
  EXPECT_EQ(node_.core().view(), View(2));
}

TEST_F(ViewsTest, AQuorumOfVotesIsACertificate) {
  for (const Position p : {1u, 2u}) node_.Receive(voters_.MakeVote(p, VoteKind::kSkip, 1));
  EXPECT_EQ(node_.core().view(), View(1));
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 1));
  EXPECT_EQ(node_.core().view(), View(2));
}

TEST_F(ViewsTest, TheSameVoteTwiceCountsOnce) {
  for (int i = 0; i < 5; ++i) node_.Receive(voters_.MakeVote(1, VoteKind::kSkip, 1));
  EXPECT_EQ(node_.core().view(), View(1));
}

TEST_F(ViewsTest, ViewsAreEnteredInOrder) {
  node_.Receive(1, {voters_.Skipped(2), voters_.Skipped(3)});
  EXPECT_EQ(node_.core().view(), View(1));
  node_.Receive(1, {voters_.Skipped(1)});
  EXPECT_EQ(node_.core().view(), View(4));
}

TEST_F(ViewsTest, AFinalizeCertificateOfAnyLaterViewLeadsOn) {
  const BlockPtr nine = voters_.MakeBlock(*one_, 9, {MakeEntry(2)});
  node_.Receive(1, {voters_.Final(*nine)});
  EXPECT_EQ(node_.core().view(), View(10));
}

TEST_F(ViewsTest, TheNewLeaderIsGivenTheCertificate) {
  node_.Receive(1, {voters_.Skipped(1)});
  const auto sent = SentTo<CertificateMessage>(node_, voters_.Leader(2));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].certificates[0]->statement, voters_.Skipped(1)->statement);
}

TEST_F(ViewsTest, AMessageForAViewThatIsOverIsAnswered) {
  node_.Receive(1, {voters_.Skipped(1), voters_.Skipped(2)});
  node_.Run(Seconds(1));
  node_.TakeSent();
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 1));
  const auto answers = SentTo<CertificateMessage>(node_, 3);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].certificates.size(), 2u);
  // Not again at once: that would let a peer make a node busy.
  node_.TakeSent();
  node_.Receive(voters_.MakeVote(3, VoteKind::kFinalize, 1, one_->hash));
  EXPECT_TRUE(SentTo<CertificateMessage>(node_, 3).empty());
}

TEST_F(ViewsTest, AMessageThatWasMerelySlowIsNotAnswered) {
  node_.Receive(1, {voters_.Skipped(1)});
  node_.TakeSent();
  node_.Receive(voters_.MakeVote(1, VoteKind::kSkip, 1));
  EXPECT_TRUE(node_.sent().empty());
}

TEST_F(ViewsTest, WhoIsFinalAnswersWithFinality) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Final(*one_)});
  node_.Run(Seconds(1));
  node_.TakeSent();
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 1));
  const auto answers = SentTo<CertificateMessage>(node_, 3);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].certificates[0]->statement.kind, VoteKind::kFinalize);
}

TEST_F(ViewsTest, AMessageFromALaterViewMakesTheNodeAsk) {
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 2));
  EXPECT_TRUE(node_.sent().empty());  // one view ahead may be a matter of milliseconds
  node_.Run(Milliseconds(600));
  const auto asked = SentTo<CertificateRequest>(node_, 3);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].from_view, View(1));
}

TEST_F(ViewsTest, AVoteFarAheadIsNotKeptButMakesTheNodeAskAtOnce) {
  for (const Position p : {1u, 2u, 3u}) {
    node_.Receive(voters_.MakeVote(p, VoteKind::kSkip, 1'000'000));
  }
  EXPECT_FALSE(SentTo<CertificateRequest>(node_, 1).empty());
  EXPECT_EQ(node_.core().view(), View(1));
}

TEST_F(ViewsTest, AClaimToBeAheadIsAskedForOnce) {
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 50));
  node_.Run(Seconds(20));
  EXPECT_EQ(SentTo<CertificateRequest>(node_, 3).size(), 1u);
}

TEST_F(ViewsTest, ARequestIsAnsweredWithWhatLeadsOn) {
  node_.Receive(
      1, {voters_.Skipped(1), voters_.Skipped(2), voters_.Notarized(*voters_.MakeBlock(3, {}))});
  node_.TakeSent();
  node_.Request(3, CertificateRequest{kEpoch, View(2)});
  const auto answers = SentTo<CertificateMessage>(node_, 3);
  ASSERT_EQ(answers.size(), 1u);
  ASSERT_EQ(answers[0].certificates.size(), 2u);
  EXPECT_EQ(answers[0].certificates[0]->statement.view, View(2));
  EXPECT_EQ(answers[0].certificates[1]->statement.view, View(3));
}

TEST_F(ViewsTest, APeerGetsABoundedNumberOfAnswers) {
  node_.Propose(one_);
  node_.TakeSent();
  for (int i = 0; i < 1'000; ++i) node_.Request(3, BlockRequest{one_->hash});
  const std::size_t answered = SentTo<BlockResponse>(node_, 3).size();
  EXPECT_GE(answered, 10u);
  EXPECT_LE(answered, 64u);
  node_.Request(1, BlockRequest{one_->hash});  // the others have their own share
  EXPECT_EQ(SentTo<BlockResponse>(node_, 1).size(), 1u);
}

TEST_F(ViewsTest, ManyCertificatesGoInSeveralMessages) {
  std::vector<CertificatePtr> skips;
  for (std::uint64_t view = 1; view <= 150; ++view) skips.push_back(voters_.Skipped(view));
  for (std::size_t at = 0; at < skips.size(); at += 50) {
    const auto begin = skips.begin() + static_cast<std::ptrdiff_t>(at);
    node_.Receive(1, {begin, begin + 50});
  }
  ASSERT_EQ(node_.core().view(), View(151));
  node_.TakeSent();
  node_.Request(3, CertificateRequest{kEpoch, View(1)});
  const auto answers = SentTo<CertificateMessage>(node_, 3);
  EXPECT_EQ(answers.size(), 3u);
  Node other(&voters_, 3);
  for (const CertificateMessage& answer : answers) {
    EXPECT_LE(answer.certificates.size(), kCertificatesPerMessageMax);
    // Each shows how far the sender is, so that nobody takes it for a node that lags.
    EXPECT_EQ(answer.certificates.back()->statement.view, View(150));
    other.Receive(0, answer.certificates);
  }
  EXPECT_EQ(other.core().view(), View(151));
}

TEST_F(ViewsTest, AReconnectedPeerIsToldWhereTheNodeIs) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_)});
  node_.TakeSent();
  node_.Step(PeerUp{3});
  EXPECT_EQ(SentTo<CertificateMessage>(node_, 3).size(), 1u);
  const auto votes = SentTo<Vote>(node_, 3);
  ASSERT_EQ(votes.size(), 1u);
  EXPECT_EQ(votes[0].statement.kind, VoteKind::kFinalize);
}

TEST_F(ViewsTest, ALeaderThatDoesNotKnowOfFinalityIsTold) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_), voters_.Final(*one_)});
  node_.TakeSent();
  node_.Propose(voters_.MakeBlock(*one_, 2, {}), {});
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 2));
  const auto told = SentTo<CertificateMessage>(node_, voters_.Leader(2));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].certificates[0]->statement.kind, VoteKind::kFinalize);
}

}  // namespace
}  // namespace assent::consensus
