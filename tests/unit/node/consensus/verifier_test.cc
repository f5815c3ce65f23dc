// SPECIFICATION.md, "Messages": nothing unverified reaches the core.
#include "node/consensus/verifier.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class VerifierTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  BlockPtr block_ = voters_.MakeBlock(1, {MakeEntry(1)});
  const Verifier& verifier_ = voters_.verifier();
};

TEST_F(VerifierTest, AVoteOfItsVoterIsGood) {
  EXPECT_TRUE(verifier_.Check(voters_.MakeVote(1, VoteKind::kSkip, 3)).ok());
}

TEST_F(VerifierTest, AVoteOfSomebodyElseIsRefused) {
  Vote vote = voters_.MakeVote(1, VoteKind::kSkip, 3);
  vote.voter = 2;
  EXPECT_EQ(verifier_.Check(vote).status().code(), absl::StatusCode::kInvalidArgument);
  vote.voter = 4;
  EXPECT_EQ(verifier_.Check(vote).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(VerifierTest, AVoteOfAnotherKindOrViewIsRefused) {
  Vote vote = voters_.MakeVote(1, VoteKind::kNotarize, 3, block_->hash);
  vote.statement.kind = VoteKind::kFinalize;
  EXPECT_FALSE(verifier_.Check(vote).ok());
  vote.statement.kind = VoteKind::kNotarize;
  vote.statement.view = View(4);
  EXPECT_FALSE(verifier_.Check(vote).ok());
}

TEST_F(VerifierTest, ASkipThatNamesABlockIsRefused) {
  EXPECT_FALSE(verifier_.Check(voters_.MakeVote(1, VoteKind::kSkip, 3, block_->hash)).ok());
}

TEST_F(VerifierTest, AnotherEpochIsAnotherMatter) {
  Vote vote = voters_.MakeVote(1, VoteKind::kSkip, 3);
  vote.statement.epoch = Epoch(2);
  EXPECT_EQ(verifier_.Check(vote).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(VerifierTest, ABlockNotSignedByItsLeaderIsRefused) {
  Block block = *block_;
  block.leader_signature = SignProposal(kEpoch, View(1), block.hash, voters_.ledger(),
                                        voters_.key((voters_.Leader(1) + 1) % 4));
  const auto checked = verifier_.Check(Proposal{std::make_shared<const Block>(block), {}});
  EXPECT_EQ(checked.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(VerifierTest, ABlockWhoseHeaderSaysSomethingElseIsRefused) {
  Block block = *block_;
  block.header.height = Height(7);
  EXPECT_FALSE(verifier_.Check(BlockResponse{std::make_shared<const Block>(block)}).ok());
  block = *block_;
  block.hash = BlockHash("x");
  EXPECT_FALSE(verifier_.Check(BlockResponse{std::make_shared<const Block>(block)}).ok());
  EXPECT_FALSE(verifier_.Check(BlockResponse{nullptr}).ok());
}

TEST_F(VerifierTest, ABlockOfAnotherLedgerIsRefused) {
  const Verifier other(LedgerId(), kEpoch, voters_.set());
  EXPECT_EQ(other.Check(BlockResponse{block_}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(VerifierTest, OneBadSignatureSpoilsACertificate) {
  Certificate certificate = *voters_.Skipped(2);
  certificate.votes[1].second = certificate.votes[0].second;
  const auto bad = std::make_shared<const Certificate>(certificate);
  EXPECT_FALSE(verifier_.Check(CertificateMessage{{voters_.Skipped(1), bad}, {}}).ok());
  EXPECT_FALSE(verifier_.Check(Proposal{block_, {bad}}).ok());
  EXPECT_FALSE(verifier_.Check(bad).ok());
}

TEST_F(VerifierTest, TooFewVotesAreNoCertificate) {
  EXPECT_FALSE(verifier_.Check(voters_.MakeCertificate(VoteKind::kSkip, 1, Hash(), {0, 1})).ok());
}

TEST_F(VerifierTest, TooManyCertificatesAreRefused) {
  CertificateMessage message;
  message.certificates.assign(kCertificatesPerMessageMax + 1, voters_.Skipped(1));
  EXPECT_FALSE(verifier_.Check(message).ok());
}

TEST_F(VerifierTest, WhatIsRememberedIsLeftOutAndStillTellsHowFarTheSenderIs) {
  Verifier verifier(voters_.ledger(), kEpoch, voters_.set());
  const CertificatePtr five = voters_.Skipped(5);
  verifier.Remember({five->statement});
  const auto checked = verifier.Check(CertificateMessage{{voters_.Skipped(4), five}, {}});
  ASSERT_TRUE(checked.ok());
  ASSERT_EQ((*checked)->certificates.size(), 1u);
  EXPECT_EQ((*checked)->certificates[0]->statement.view, View(4));
  EXPECT_EQ((*checked)->newest, View(5));
}

TEST_F(VerifierTest, ABlockHasAsManyEntriesAsItsHeaderSays) {
  Block block = *block_;
  block.entries.push_back(MakeEntry(9));
  EXPECT_FALSE(verifier_.Check(BlockResponse{std::make_shared<const Block>(block)}).ok());
  block.entries.clear();
  EXPECT_FALSE(verifier_.Check(BlockResponse{std::make_shared<const Block>(block)}).ok());
}

// The core would not take it, so nobody can have it checked again and again.
TEST_F(VerifierTest, WhatIsOlderThanFinalIsNotChecked) {
  Verifier verifier(voters_.ledger(), kEpoch, voters_.set());
  verifier.Remember({{VoteKind::kFinalize, kEpoch, View(9), BlockHash("final")}});
  Certificate old = *voters_.Skipped(8);
  old.votes[0].second = old.votes[1].second;
  const auto bad = std::make_shared<const Certificate>(old);
  const auto checked = verifier.Check(CertificateMessage{{bad}, {}});
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_TRUE((*checked)->certificates.empty());
  EXPECT_EQ((*checked)->newest, View(8));
}

TEST_F(VerifierTest, AnAnswerMustProveItsView) {
  RestoreResponse answer;
  answer.epoch = kEpoch;
  answer.view = View(1);
  EXPECT_TRUE(verifier_.Check(answer, 0).ok());
  answer.view = View(9);
  EXPECT_FALSE(verifier_.Check(answer, 0).ok());
  answer.certificate = voters_.Skipped(7);
  EXPECT_FALSE(verifier_.Check(answer, 0).ok());
  answer.certificate = voters_.Skipped(8);
  EXPECT_TRUE(verifier_.Check(answer, 0).ok());
  answer.votes_of_yours = {voters_.MakeVote(1, VoteKind::kSkip, 2)};
  EXPECT_FALSE(verifier_.Check(answer, 0).ok());
  EXPECT_TRUE(verifier_.Check(answer, 1).ok());
}

}  // namespace
}  // namespace assent::consensus
