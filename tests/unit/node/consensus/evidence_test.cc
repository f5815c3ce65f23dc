// SPECIFICATION.md, "Evidence".
#include "node/consensus/evidence.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

class EvidenceTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
  Hash a_ = BlockHash("a");
  Hash b_ = BlockHash("b");
};

TEST_F(EvidenceTest, WhatContradictsWhat) {
  const auto says = [](VoteKind kind, std::uint64_t view, Hash block = Hash()) {
    return Statement{kind, kEpoch, View(view), block};
  };
  using enum VoteKind;
  EXPECT_TRUE(Conflict(says(kNotarize, 1, a_), says(kNotarize, 1, b_)));
  EXPECT_TRUE(Conflict(says(kFinalize, 1, a_), says(kFinalize, 1, b_)));
  EXPECT_TRUE(Conflict(says(kFinalize, 1, a_), says(kSkip, 1)));
  EXPECT_TRUE(Conflict(says(kSkip, 1), says(kFinalize, 1, a_)));
  EXPECT_TRUE(Conflict(says(kFinalize, 1, a_), says(kNotarize, 1, b_)));
  EXPECT_FALSE(Conflict(says(kFinalize, 1, a_), says(kNotarize, 1, a_)));
  EXPECT_FALSE(Conflict(says(kSkip, 1), says(kNotarize, 1, a_)));
  EXPECT_FALSE(Conflict(says(kSkip, 1), says(kSkip, 1)));
  EXPECT_FALSE(Conflict(says(kNotarize, 1, a_), says(kNotarize, 2, b_)));
}

TEST_F(EvidenceTest, TwoVotesForOneViewAreKept) {
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, a_));
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, b_));
  ASSERT_EQ(node_.evidence().size(), 1u);
  const Evidence& evidence = node_.evidence()[0];
  EXPECT_EQ(evidence.first.voter, 1u);
  EXPECT_TRUE(voters_.verifier().Check(evidence.first).ok());
  EXPECT_TRUE(voters_.verifier().Check(evidence.second).ok());
  EXPECT_TRUE(Conflict(evidence.first.statement, evidence.second.statement));
}

TEST_F(EvidenceTest, TheSecondVoteDoesNotCount) {
  for (const Position p : {1u, 2u, 3u})
    node_.Receive(voters_.MakeVote(p, VoteKind::kNotarize, 1, p == 1 ? a_ : b_));
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, b_));
  EXPECT_EQ(node_.core().view(), View(1));
}

TEST_F(EvidenceTest, TwoProposalsForOneViewAreKept) {
  const BlockPtr first = voters_.MakeBlock(1, {MakeEntry(1)});
  const BlockPtr second = voters_.MakeBlock(1, {MakeEntry(2)});
  node_.Propose(first);
  node_.Propose(second);
  ASSERT_EQ(node_.evidence().size(), 1u);
  const Evidence& evidence = node_.evidence()[0];
  EXPECT_EQ(evidence.kind, Evidence::Kind::kProposals);
  for (const Vote& one : {evidence.first, evidence.second}) {
    EXPECT_TRUE(VerifyProposal(kEpoch, View(1), one.statement.block_hash, voters_.ledger(),
                               voters_.key(voters_.Leader(1)).public_key(), one.signature));
  }
}

TEST_F(EvidenceTest, OneVoterCannotFillTheDisk) {
  for (std::uint64_t view = 1; view <= 60; ++view) {
    node_.Receive(voters_.MakeVote(1, VoteKind::kSkip, view));
    for (int i = 0; i < 3; ++i) {
      node_.Receive(voters_.MakeVote(1, VoteKind::kFinalize, view, i == 0 ? a_ : b_));
    }
  }
  EXPECT_EQ(node_.evidence().size(), kEvidencePerVoterMax);
}

TEST_F(EvidenceTest, AVoteThatComesJustAfterFinalityIsStillEvidence) {
  const BlockPtr one = voters_.MakeBlock(1, {MakeEntry(1)});
  node_.Propose(one);
  node_.Receive(voters_.MakeVote(3, VoteKind::kFinalize, 1, one->hash));
  node_.Receive(1, {voters_.Final(*one)});
  node_.Receive(voters_.MakeVote(3, VoteKind::kSkip, 1));
  EXPECT_EQ(node_.evidence().size(), 1u);
}

TEST_F(EvidenceTest, AVoteThatSomebodyElsePassesOnIsNotTaken) {
  const auto vote = voters_.verifier().Check(voters_.MakeVote(1, VoteKind::kSkip, 1));
  node_.Step(Received<Vote>{2, *vote});
  EXPECT_FALSE(node_.core().NewestVoteOf(1));
}

TEST_F(EvidenceTest, StoredFormComesBackAsItWas) {
  Evidence evidence{Evidence::Kind::kVotes, voters_.MakeVote(1, VoteKind::kSkip, 7),
                    voters_.MakeVote(1, VoteKind::kFinalize, 7, a_)};
  const std::string bytes = EncodeEvidence(evidence);
  const auto parsed = ParseEvidence(bytes);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, evidence);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseEvidence(std::string_view(bytes).substr(0, size)).ok());
  }
  EXPECT_FALSE(ParseEvidence(bytes + "x").ok());
}

}  // namespace
}  // namespace assent::consensus
