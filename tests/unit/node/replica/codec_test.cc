// What peers exchange: nothing is lost on the way, and what is not of the form is refused.
#include "node/replica/codec.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <variant>

#include "assent/v1/peer.pb.h"
#include "ledger/crypto/hash.h"
#include "tests/support/test_ledger.h"

namespace assent::replica {
namespace {

namespace cs = consensus;
using testing::MakeEntry;
using testing::NotificationBody;
using testing::TestLedger;

class CodecTest : public ::testing::Test {
 protected:
  CodecTest() : ledger_(4), codec_(Epoch(1), ledger_.act.voters()) {}

  template <class T>
  T Through(const T& message) {
    auto parsed = codec_.Parse(codec_.Encode(PeerMessage(message)));
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return std::get<T>(*parsed);
  }
  cs::Vote MakeVote(VoteKind kind, std::size_t voter) const {
    cs::Vote vote;
    vote.statement = {kind, Epoch(1), View(7), kind == VoteKind::kSkip ? Hash() : Sha256("block")};
    vote.voter = voter;
    vote.signature = SignStatement(vote.statement, ledger_.id(), ledger_.states[voter].node.vote);
    return vote;
  }
  cs::CertificatePtr MakeCertificate(VoteKind kind) const {
    auto certificate = std::make_shared<Certificate>();
    for (std::size_t voter : {0u, 1u, 3u}) {
      const cs::Vote vote = MakeVote(kind, voter);
      certificate->statement = vote.statement;
      certificate->votes.emplace_back(voter, vote.signature);
    }
    return certificate;
  }
  cs::BlockPtr MakeBlock() const {
    auto block = std::make_shared<cs::Block>();
    block->header.ledger_id = ledger_.id();
    block->header.epoch = Epoch(1);
    block->header.view = View(7);
    block->header.height = Height(3);
    block->header.tree_size = 1;
    block->header_bytes = EncodeBlockHeader(block->header);
    block->hash = BlockHash(block->header_bytes);
    block->leader_signature = *Signature::From(std::string(64, 's'));
    block->entries = {std::make_shared<const Entry>(
        MakeEntry(ledger_, ledger_.states[0], AuthorHead(), NotificationBody("R-1")))};
    return block;
  }

  TestLedger ledger_;
  Codec codec_;
};

TEST_F(CodecTest, HelloGoesThrough) {
  const Hello hello{ledger_.id(), ledger_.states[1].code, Height(9),
                    MakeVote(VoteKind::kNotarize, 2), true};
  const Hello back = Through(hello);
  EXPECT_EQ(back.ledger_id, hello.ledger_id);
  EXPECT_EQ(back.code, hello.code);
  EXPECT_EQ(back.final_height, hello.final_height);
  EXPECT_EQ(back.newest_vote_of_yours, hello.newest_vote_of_yours);
  EXPECT_TRUE(back.restoring);
}

TEST_F(CodecTest, VotesGoThrough) {
  for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kSkip, VoteKind::kFinalize}) {
    EXPECT_EQ(Through(MakeVote(kind, 2)), MakeVote(kind, 2));
  }
}

TEST_F(CodecTest, ProposalsGoThroughWithTheirJustification) {
  const cs::Proposal proposal{
      MakeBlock(), {MakeCertificate(VoteKind::kNotarize), MakeCertificate(VoteKind::kSkip)}};
  const cs::Proposal back = Through(proposal);
  EXPECT_EQ(back.block->hash, proposal.block->hash);
  EXPECT_EQ(back.block->header, proposal.block->header);
  EXPECT_EQ(back.block->leader_signature, proposal.block->leader_signature);
  ASSERT_EQ(back.block->entries.size(), 1u);
  EXPECT_EQ(back.block->entries[0]->leaf_hash(), proposal.block->entries[0]->leaf_hash());
  EXPECT_EQ(back.block->entries[0]->body(), proposal.block->entries[0]->body());
  ASSERT_EQ(back.justification.size(), 2u);
  EXPECT_EQ(*back.justification[1], *proposal.justification[1]);
}

TEST_F(CodecTest, RestoreResponsesGoThrough) {
  cs::RestoreResponse response;
  response.nonce = *cs::Nonce::From(std::string(32, 'n'));
  response.epoch = Epoch(1);
  response.view = View(8);
  response.certificate = MakeCertificate(VoteKind::kSkip);
  response.votes_of_yours = {MakeVote(VoteKind::kFinalize, 2), MakeVote(VoteKind::kSkip, 2)};
  const cs::RestoreResponse back = Through(response);
  EXPECT_EQ(back.nonce, response.nonce);
  EXPECT_EQ(back.view, response.view);
  EXPECT_EQ(*back.certificate, *response.certificate);
  EXPECT_EQ(back.votes_of_yours, response.votes_of_yours);
}

TEST_F(CodecTest, WhatIsOfAnotherEpochNamesIt) {
  v1::PeerMessage message;
  message.mutable_vote()->set_kind(1);
  message.mutable_vote()->set_epoch(5);
  const auto parsed = codec_.Parse(message.SerializeAsString());
  EXPECT_TRUE(absl::IsOutOfRange(parsed.status()));
  EXPECT_EQ(parsed.status().message(), "5");
}

TEST_F(CodecTest, WrongFormsAreRefused) {
  v1::PeerMessage vote;
  ASSERT_TRUE(vote.ParseFromString(codec_.Encode(PeerMessage(MakeVote(VoteKind::kSkip, 0)))));
  const auto refused = [&](const v1::PeerMessage& message) {
    return absl::IsInvalidArgument(codec_.Parse(message.SerializeAsString()).status());
  };
  EXPECT_FALSE(refused(vote));
  v1::PeerMessage changed = vote;
  changed.mutable_vote()->set_kind(4);
  EXPECT_TRUE(refused(changed));
  changed = vote;
  changed.mutable_vote()->set_voter("ZZZ");
  EXPECT_TRUE(refused(changed));
  changed = vote;
  changed.mutable_vote()->mutable_signature()->pop_back();
  EXPECT_TRUE(refused(changed));
  changed = vote;
  changed.mutable_vote()->set_block_hash(std::string(32, 'h'));
  EXPECT_TRUE(refused(changed)) << "a skip vote has no block";
  EXPECT_TRUE(refused(v1::PeerMessage()));

  v1::PeerMessage entries;
  for (std::size_t i = 0; i <= kEntriesPerMessageMax; ++i) entries.mutable_entries()->add_entries();
  EXPECT_TRUE(refused(entries));
  v1::PeerMessage certificates;
  for (std::size_t i = 0; i <= cs::kCertificatesPerMessageMax; ++i) {
    certificates.mutable_certificates()->add_certificates(
        EncodeCertificate(*MakeCertificate(VoteKind::kSkip), 4));
  }
  EXPECT_TRUE(refused(certificates));
}

TEST_F(CodecTest, MangledBytesNeverPassForMoreThanTheyAre) {
  const std::string good =
      codec_.Encode(PeerMessage(cs::Proposal{MakeBlock(), {MakeCertificate(VoteKind::kSkip)}}));
  std::minstd_rand random(1);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = good;
    const std::size_t changes = 1 + random() % 8;
    for (std::size_t c = 0; c < changes; ++c) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    const auto parsed = codec_.Parse(bytes);
    if (!parsed.ok()) continue;
    if (const auto* proposal = std::get_if<cs::Proposal>(&*parsed)) {
      EXPECT_EQ(proposal->block->hash, BlockHash(proposal->block->header_bytes));
    }
  }
}

}  // namespace
}  // namespace assent::replica
