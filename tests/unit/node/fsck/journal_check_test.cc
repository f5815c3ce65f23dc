#include "node/fsck/journal_check.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/certificate.h"
#include "tests/support/test_ledger.h"

namespace assent::fsck {
namespace {

using assent::testing::TestLedger;
using assent::testing::TestState;
using consensus::JournalRecord;
using consensus::RecordKind;
using ::testing::HasSubstr;

constexpr Epoch kNow(2);
constexpr View kView(9);

// The journal of AAA, one of four voters of epoch 2; of epoch 1, in which it voted with another
// key; of epoch 3 nobody knows who votes.
class JournalCheckTest : public ::testing::Test {
 protected:
  JournalCheckTest() {
    check_.AddEpoch(kNow, voters_);
    std::vector<Voter> before = voters_.voters();
    before.front().vote_key = old_key_.public_key();
    check_.AddEpoch(Epoch(1), VoterSet::Make(std::move(before)).value());
  }

  const TestState& state(std::size_t position) const {
    return ledger_.state(voters_.at(position).code.str());
  }
  JournalRecord VoteBy(std::size_t voter, const SigningKey& key, Epoch epoch = kNow) const {
    consensus::Vote vote{{VoteKind::kSkip, epoch, kView, Hash()}, voter, Signature()};
    vote.signature = SignStatement(vote.statement, ledger_.id(), key);
    return {epoch, kView, RecordKind::kSkip, consensus::EncodeVote(vote)};
  }
  JournalRecord CertificateBy(std::size_t votes, RecordKind record, VoteKind kind, View view,
                              Epoch epoch = kNow) const {
    Certificate certificate{{kind, epoch, view, Hash()}, {}};
    for (std::size_t i = 0; i < votes; ++i) {
      certificate.votes.emplace_back(
          i, SignStatement(certificate.statement, ledger_.id(), state(i).node.vote));
    }
    return {epoch, kView, record, EncodeCertificate(certificate, voters_.size())};
  }
  // An empty block of `view`, signed by the leader of kView.
  JournalRecord BlockOf(View view, Epoch epoch = kNow) const {
    consensus::Block block;
    block.header.ledger_id = ledger_.id();
    block.header.epoch = epoch;
    block.header.view = view;
    block.header_bytes = EncodeBlockHeader(block.header);
    block.hash = BlockHash(block.header_bytes);
    block.leader_signature = SignProposal(epoch, view, block.hash, ledger_.id(),
                                          state(voters_.Leader(epoch, kView)).node.vote);
    return {epoch, kView, RecordKind::kBlock, consensus::EncodeBlock(block)};
  }
  static JournalRecord Floor(std::uint64_t no_vote_up_to) {
    std::string bytes;
    AppendU64(bytes, no_vote_up_to);
    return {kNow, kView, RecordKind::kFloor, bytes};
  }

  absl::Status Check(const JournalRecord& record) {
    return check_.Check(record.Key(), record.bytes);
  }
  std::string Fault(const JournalRecord& record) { return std::string(Check(record).message()); }
  // With a bit of its last byte turned, which is a signature's.
  static JournalRecord Damaged(JournalRecord record) {
    record.bytes.back() = static_cast<char>(record.bytes.back() ^ 1);
    return record;
  }

  const TestLedger ledger_{4};
  const VoterSet voters_ = ledger_.act.voters();
  const SigningKey old_key_{SecretSeed::Random()};
  JournalCheck check_{ledger_.id(), state(0).node.vote.public_key()};
};

TEST_F(JournalCheckTest, VotesAreByTheNode) {
  EXPECT_TRUE(Check(VoteBy(0, state(0).node.vote)).ok());
  EXPECT_THAT(Fault(Damaged(VoteBy(0, state(0).node.vote))), HasSubstr("not signed by the vote"));
  EXPECT_THAT(Fault(VoteBy(1, state(1).node.vote)), HasSubstr("not by this node's vote key"));
  EXPECT_THAT(Fault(VoteBy(4, state(0).node.vote)), HasSubstr("none of this epoch"));
  JournalRecord other = VoteBy(0, state(0).node.vote);
  other.kind = RecordKind::kNotarize;
  EXPECT_THAT(Fault(other), HasSubstr("of another kind"));
}

TEST_F(JournalCheckTest, VotesOfAnEpochBeforeAreByTheKeyThatItHadThere) {
  EXPECT_TRUE(Check(VoteBy(0, old_key_, Epoch(1))).ok());
  EXPECT_THAT(Fault(VoteBy(0, state(0).node.vote, Epoch(1))), HasSubstr("not signed by the vote"));
  EXPECT_EQ(check_.unchecked(), 0u);
}

TEST_F(JournalCheckTest, CertificatesAreByAQuorum) {
  for (const auto& [record, kind, view] :
       {std::tuple(RecordKind::kEntered, VoteKind::kSkip, View(8)),
        std::tuple(RecordKind::kEntered, VoteKind::kFinalize, View(20)),
        std::tuple(RecordKind::kNotarized, VoteKind::kNotarize, kView)}) {
    EXPECT_TRUE(Check(CertificateBy(3, record, kind, view)).ok());
    EXPECT_THAT(Fault(CertificateBy(2, record, kind, view)), HasSubstr("needs 3"));
    EXPECT_THAT(Fault(Damaged(CertificateBy(3, record, kind, view))),
                HasSubstr("the signature of CCC"));
  }
  JournalRecord cut = CertificateBy(3, RecordKind::kEntered, VoteKind::kSkip, View(8));
  cut.bytes.pop_back();
  EXPECT_THAT(Fault(cut), HasSubstr("its length"));
  for (const auto& [kind, view] :
       {std::pair(VoteKind::kFinalize, kView), std::pair(VoteKind::kNotarize, View(8))}) {
    EXPECT_THAT(Fault(CertificateBy(3, RecordKind::kNotarized, kind, view)),
                HasSubstr("does not notarize a block of its view"));
  }
}

TEST_F(JournalCheckTest, ABlockIsSignedByTheLeaderOfItsView) {
  const JournalRecord good = BlockOf(kView);
  EXPECT_TRUE(Check(good).ok()) << Check(good);
  EXPECT_THAT(Fault(BlockOf(kView.next())), HasSubstr("of another view"));
  JournalRecord damaged = good;
  const std::size_t signature_end = damaged.bytes.size() - 4;  // before the number of entries
  damaged.bytes[signature_end - 1] = static_cast<char>(damaged.bytes[signature_end - 1] ^ 1);
  EXPECT_THAT(Fault(damaged), HasSubstr("is not signed by its leader"));
  damaged.bytes.pop_back();
  EXPECT_THAT(Fault(damaged), HasSubstr("it is cut off"));
}

TEST_F(JournalCheckTest, AFloorIsANumberUpToItsView) {
  EXPECT_TRUE(Check(Floor(0)).ok());
  EXPECT_TRUE(Check(Floor(kView.value())).ok());
  EXPECT_THAT(Fault(Floor(kView.value() + 1)), HasSubstr("beyond its view"));
  JournalRecord cut = Floor(0);
  cut.bytes.pop_back();
  EXPECT_THAT(Fault(cut), HasSubstr("cut off"));
}

TEST_F(JournalCheckTest, WhatNobodyKnowsTheVotersOfIsCounted) {
  const Epoch unknown(3);
  EXPECT_TRUE(Check(Damaged(VoteBy(0, state(0).node.vote, unknown))).ok());
  EXPECT_TRUE(
      Check(CertificateBy(2, RecordKind::kEntered, VoteKind::kSkip, View(8), unknown)).ok());
  EXPECT_TRUE(Check(BlockOf(kView, unknown)).ok());
  EXPECT_EQ(check_.unchecked(), 3u);
  // But not what is wrong by itself.
  JournalRecord cut = VoteBy(0, state(0).node.vote, unknown);
  cut.bytes.pop_back();
  EXPECT_FALSE(Check(cut).ok());
}

}  // namespace
}  // namespace assent::fsck
