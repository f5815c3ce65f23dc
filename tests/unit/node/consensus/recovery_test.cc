// SPECIFICATION.md, "Journal": a restart changes nothing that was promised.
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

std::vector<Vote> Votes(const std::vector<Send>& sent) {
  std::vector<Vote> votes;
  for (const Send& send : sent) {
    if (const auto* vote = std::get_if<Vote>(&send.message)) votes.push_back(*vote);
  }
  return votes;
}

class RecoveryTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
  BlockPtr two_ = voters_.MakeBlock(*one_, 2, {MakeEntry(2)});
};

TEST_F(RecoveryTest, ANotarizeVoteStillBinds) {
  node_.Propose(one_);
  node_.Restart();
  node_.TakeSent();
  node_.Propose(voters_.MakeBlock(1, {MakeEntry(2)}));
  EXPECT_TRUE(Votes(node_.sent()).empty());
  EXPECT_EQ(node_.evidence().size(), 1u);  // and the first proposal is still known
}

// Its operator has given it new keys, which the ledger names in an epoch that it has not come to.
TEST_F(RecoveryTest, VotesOfKeysThatAreReplacedKeepNobodyFromStarting) {
  node_.Propose(one_);
  ASSERT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
  std::vector<JournalRecord> records;
  for (const auto& [key, bytes] : node_.journal()) {
    records.push_back(*JournalRecord::From(key, bytes));
  }
  Config config;
  config.ledger = voters_.ledger();
  config.epoch = kEpoch;
  config.voters = voters_.set();  // among which the new key is not
  config.base = voters_.genesis();
  Core core(config);
  EXPECT_TRUE(core.Recover(records).ok());

  // But a vote that none of the voters can have cast is a damage.
  for (JournalRecord& record : records) {
    if (record.kind == RecordKind::kNotarize) record.bytes.back() ^= 1;
  }
  Core other(config);
  EXPECT_TRUE(absl::IsDataLoss(other.Recover(records)));
}

TEST_F(RecoveryTest, ASkipVoteStillBinds) {
  node_.Propose(one_);
  node_.Run(Seconds(4));
  ASSERT_TRUE(node_.Cast(VoteKind::kSkip, 1));
  node_.Restart();
  node_.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_FALSE(node_.Cast(VoteKind::kFinalize, 1));
}

TEST_F(RecoveryTest, AFinalizeVoteStillBindsAndTheCertificateIsThere) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_)});
  ASSERT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
  node_.Restart();
  EXPECT_EQ(node_.core().view(), View(2));
  node_.AddWork(MakeEntry(9));
  node_.Run(Seconds(50));
  EXPECT_FALSE(node_.Cast(VoteKind::kSkip, 1));
}

TEST_F(RecoveryTest, OwnVotesCountAgain) {
  node_.Propose(one_);
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, one_->hash));
  node_.Restart();
  node_.Receive(voters_.MakeVote(1, VoteKind::kNotarize, 1, one_->hash));
  EXPECT_EQ(node_.core().view(), View(1));
  node_.Receive(voters_.MakeVote(3, VoteKind::kNotarize, 1, one_->hash));
  EXPECT_EQ(node_.core().view(), View(2));
  EXPECT_TRUE(node_.Cast(VoteKind::kFinalize, 1));  // the block came back from the journal
}

TEST_F(RecoveryTest, OwnVotesAreSentToPeersThatConnect) {
  node_.Propose(one_);
  node_.Restart();
  node_.TakeSent();
  node_.Step(PeerUp{2});
  ASSERT_EQ(Votes(node_.sent()).size(), 1u);
  EXPECT_EQ(Votes(node_.sent())[0].statement.block_hash, one_->hash);
}

TEST_F(RecoveryTest, AProposalIsSentAgainUnchanged) {
  Node leader(&voters_, 2);
  leader.AddWork(MakeEntry(1));
  const auto find = [](const std::vector<Send>& sent) -> BlockPtr {
    for (const Send& send : sent) {
      if (const auto* proposal = std::get_if<Proposal>(&send.message)) return proposal->block;
    }
    return nullptr;
  };
  const BlockPtr before = find(leader.TakeSent());
  leader.Run(Milliseconds(300));
  leader.Restart();
  leader.AddWork(MakeEntry(2));
  leader.Step(PeerUp{3});
  const BlockPtr after = find(leader.sent());
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(after->header_bytes, before->header_bytes);
  EXPECT_EQ(after->leader_signature, before->leader_signature);
  ASSERT_EQ(after->entries.size(), 1u);
  EXPECT_EQ(after->entries[0]->body(), before->entries[0]->body());
}

TEST_F(RecoveryTest, TheBlockOfANotarizeVoteCanBeHadByOthers) {
  node_.Propose(one_);
  node_.Restart();
  node_.TakeSent();
  node_.Request(1, BlockRequest{one_->hash});
  ASSERT_EQ(node_.sent().size(), 1u);
  EXPECT_EQ(std::get<BlockResponse>(node_.sent()[0].message).block->header_bytes,
            one_->header_bytes);
}

TEST_F(RecoveryTest, WhatIsFinalLeavesTheJournal) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_)});
  EXPECT_FALSE(node_.journal().empty());
  node_.Receive(1, {voters_.Final(*one_)});
  EXPECT_TRUE(node_.journal().empty());
}

TEST_F(RecoveryTest, WhatIsFinalButNotHeldStaysInTheJournal) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Final(*two_)});
  EXPECT_TRUE(node_.Journaled(1, RecordKind::kBlock));
}

TEST_F(RecoveryTest, TheCertificateThatLedIntoAViewIsWrittenWithTheFirstVote) {
  node_.Receive(1, {voters_.Skipped(1)});
  EXPECT_FALSE(node_.Journaled(2, RecordKind::kEntered));
  node_.AddWork(MakeEntry(1));
  node_.Run(Seconds(4));
  ASSERT_TRUE(node_.Cast(VoteKind::kSkip, 2));
  EXPECT_TRUE(node_.Journaled(2, RecordKind::kEntered));
  node_.Restart();
  EXPECT_EQ(node_.core().view(), View(2));
}

TEST_F(RecoveryTest, AfterARestartTheChainGoesOn) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Notarized(*one_), voters_.Final(*one_)});
  node_.Restart();
  EXPECT_EQ(node_.core().view(), View(2));
  node_.Propose(two_, {});
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 2));
}

TEST_F(RecoveryTest, ADamagedJournalIsRefused) {
  node_.Propose(one_);
  std::vector<JournalRecord> records;
  for (const auto& [key, bytes] : node_.journal()) {
    records.push_back(*JournalRecord::From(key, bytes));
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (const std::size_t at : {std::size_t{0}, records[i].bytes.size() - 1}) {
      std::vector<JournalRecord> damaged = records;
      damaged[i].bytes[at] = static_cast<char>(damaged[i].bytes[at] ^ 0x40);
      Config config;
      config.ledger = voters_.ledger();
      config.epoch = kEpoch;
      config.voters = voters_.set();
      config.self = 0;
      config.key = &voters_.key(0);
      config.base = voters_.genesis();
      Core core(std::move(config));
      const absl::Status status = core.Recover(damaged);
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss)
          << "record " << i << " byte " << at << ": " << status.message();
    }
  }
}

TEST_F(RecoveryTest, RecordsOfOtherEpochsAreLeftAlone) {
  Config config;
  config.ledger = voters_.ledger();
  config.epoch = Epoch(2);
  config.voters = voters_.set();
  config.self = 0;
  config.key = &voters_.key(0);
  config.base = voters_.genesis();
  Core core(std::move(config));
  EXPECT_TRUE(core.Recover({{kEpoch, View(1), RecordKind::kNotarize, "not even a vote"}}).ok());
}

}  // namespace
}  // namespace assent::consensus
