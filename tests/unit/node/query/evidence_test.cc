#include "node/query/evidence.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/proof.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/certificate.h"
#include "node/consensus/evidence.h"
#include "node/query/ask.h"
#include "node/query/proofs.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

class EvidenceTest : public ::testing::Test {
 protected:
  // What BBB has signed: `second` excludes a notarization of block "one".
  consensus::Evidence Votes(const Statement& second) const {
    const auto& bbb = ledger_.ledger().state("BBB");
    const Statement first{VoteKind::kNotarize, Epoch(1), View(7), Sha256("one")};
    consensus::Evidence evidence;
    evidence.first = {first, 1, SignStatement(first, ledger_.ledger().id(), bbb.node.vote)};
    evidence.second = {second, 1, SignStatement(second, ledger_.ledger().id(), bbb.node.vote)};
    return evidence;
  }
  v1::AskResponse Ask(const v1::AskRequest& request) const {
    const auto response = query::Ask(*ledger_.view(), FilledLedger::Anonymous(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::AskResponse());
  }
  static v1::AskRequest Evidence() {
    v1::AskRequest request;
    request.mutable_evidence();
    return request;
  }

  FilledLedger ledger_;
};

TEST_F(EvidenceTest, APairOfVotesCanBeCheckedByAnybody) {
  const Statement other{VoteKind::kNotarize, Epoch(1), View(7), Sha256("two")};
  ledger_.KeepEvidence("vote/BBB/1/7/00", consensus::EncodeEvidence(Votes(other)));
  const v1::AskResponse response = Ask(Evidence());
  ASSERT_EQ(response.rows_size(), 1);
  const v1::EvidenceRow& row = response.rows(0).evidence();
  EXPECT_EQ(row.voter(), "BBB");
  EXPECT_EQ(row.kind(), "VOTES");
  EXPECT_EQ(row.epoch(), 1u);
  EXPECT_EQ(row.view(), 7u);
  EXPECT_EQ(row.key(), ledger_.ledger().state("BBB").node.vote.public_key().str());
  EXPECT_NE(row.first_statement(), row.second_statement());
  const PublicKey key = *PublicKey::From(row.key());
  EXPECT_TRUE(VerifyRaw(key, row.first_statement(), *Signature::From(row.first_signature())));
  EXPECT_TRUE(VerifyRaw(key, row.second_statement(), *Signature::From(row.second_signature())));
}

class CheckpointEvidenceTest : public EvidenceTest {
 protected:
  CheckpointEvidenceTest() {
    ledger_.File("AAA", PublicNotification("a1"));
    ledger_.File("BBB", PublicNotification("b1"));
    ledger_.Commit();
    ledger_.Add("CCC", PublicNotification("c1"));
  }
  // What BBB has signed of a tree of `size` entries, as the evidence store has it.
  std::string Signed(std::uint64_t size, const Hash& root) const {
    const Checkpoint said{Origin(), size, root};
    std::string bytes;
    AppendU64(bytes, 1);
    AppendU64(bytes, size);
    bytes += root.view();
    bytes += SignCheckpoint(said, ledger_.ledger().state("BBB").node.checkpoint).view();
    return bytes;
  }
  const std::string& Origin() const { return ledger_.ledger().act.text.origin; }
  v1::EvidenceRow TheRow() const {
    const v1::AskResponse response = Ask(Evidence());
    EXPECT_EQ(response.rows_size(), 1);
    return response.rows_size() == 1 ? response.rows(0).evidence() : v1::EvidenceRow();
  }
};

TEST_F(CheckpointEvidenceTest, AFalseOneComesWithTheProofOfWhatTheLedgerHas) {
  for (const std::uint64_t size : {1u, 2u, 3u}) {
    ledger_.KeepEvidence("checkpoint/BBB/1", Signed(size, Sha256("another history")));
    const v1::EvidenceRow row = TheRow();
    EXPECT_EQ(row.voter(), "BBB");
    EXPECT_EQ(row.kind(), "CHECKPOINTS");
    const Checkpoint said{Origin(), size, Sha256("another history")};
    EXPECT_EQ(row.first_statement(), CheckpointText(said));
    EXPECT_EQ(row.key(), ledger_.ledger().state("BBB").node.checkpoint.public_key().str());
    EXPECT_TRUE(VerifyCheckpoint(said, *PublicKey::From(row.key()),
                                 *Signature::From(row.first_signature())));
    EXPECT_EQ(row.second_signature(), "");
    v1::LedgerRoot proof;
    ASSERT_TRUE(proof.ParseFromString(row.second_statement()));
    EXPECT_EQ(proof.root(), ProveRoot(*ledger_.view(), size)->root());
    EXPECT_NE(proof.header(), "");
  }
}

TEST_F(CheckpointEvidenceTest, TwoThatExcludeEachOtherNeedNoProof) {
  ledger_.KeepEvidence("checkpoint/BBB/90", Signed(90, Sha256("one")) + Signed(90, Sha256("two")));
  const v1::EvidenceRow row = TheRow();
  EXPECT_EQ(row.first_statement(), CheckpointText({Origin(), 90, Sha256("one")}));
  EXPECT_EQ(row.second_statement(), CheckpointText({Origin(), 90, Sha256("two")}));
  EXPECT_NE(row.second_signature(), "");
  EXPECT_NE(row.key(), "");
}

TEST_F(CheckpointEvidenceTest, OfNoEntriesNobodyNeedsAProof) {
  ledger_.KeepEvidence("checkpoint/BBB/0", Signed(0, Sha256("something")));
  EXPECT_EQ(TheRow().second_statement(), "");
}

TEST_F(CheckpointEvidenceTest, DamageIsNoAnswer) {
  const std::string one = Signed(2, Sha256("another history"));
  for (const std::string& bytes : {std::string(), one.substr(1), one + "x", one + one + one,
                                   one + Signed(3, Sha256("another history"))}) {
    ledger_.KeepEvidence("checkpoint/BBB/2", bytes);
    EXPECT_TRUE(absl::IsDataLoss(
        query::Ask(*ledger_.view(), FilledLedger::Anonymous(), Evidence()).status()));
  }
}

TEST_F(EvidenceTest, ASkipNamesNoBlock) {
  const Statement skip{VoteKind::kSkip, Epoch(1), View(7), Hash()};
  ledger_.KeepEvidence("vote/BBB/1/7/00", consensus::EncodeEvidence(Votes(skip)));
  const v1::AskResponse response = Ask(Evidence());
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_NE(response.rows(0).evidence().key(), "") << "both signatures are good";
}

TEST_F(EvidenceTest, ComesByPagesAndWithoutOtherThings) {
  const Statement other{VoteKind::kNotarize, Epoch(1), View(7), Sha256("two")};
  const std::string bytes = consensus::EncodeEvidence(Votes(other));
  ledger_.KeepEvidence("another/BBB/7", "other bytes");
  for (const char* key : {"vote/AAA/1/7/00", "vote/BBB/1/7/00", "vote/BBB/1/7/01"}) {
    ledger_.KeepEvidence(key, bytes);
  }
  v1::AskRequest request = Evidence();
  request.set_page_size(2);
  const v1::AskResponse first = Ask(request);
  EXPECT_EQ(first.rows_size(), 2);
  request.set_page_token(first.next_page_token());
  const v1::AskResponse second = Ask(request);
  EXPECT_EQ(second.rows_size(), 1);
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_EQ(first.rows(0).evidence().key(), "") << "AAA has not signed what BBB has";
}

TEST_F(EvidenceTest, AsOfAHeightIsWhatWasSaidUpToThere) {
  const BlockHeader genesis = ledger_.view()->BlockAt(Height(0))->header;
  ledger_.File("AAA", PublicNotification("a1"));
  ledger_.Commit();
  const BlockHeader tip = ledger_.view()->tip().header;
  ASSERT_GT(tip.view, genesis.view);
  const auto keep = [&](Epoch epoch, View view) {
    const auto& bbb = ledger_.ledger().state("BBB");
    consensus::Evidence evidence;
    const Statement first{VoteKind::kNotarize, epoch, view, Sha256("one")};
    const Statement second{VoteKind::kNotarize, epoch, view, Sha256("two")};
    evidence.first = {first, 1, SignStatement(first, ledger_.ledger().id(), bbb.node.vote)};
    evidence.second = {second, 1, SignStatement(second, ledger_.ledger().id(), bbb.node.vote)};
    ledger_.KeepEvidence(absl::StrCat("vote/BBB/", epoch.value(), "/", view.value(), "/00"),
                         consensus::EncodeEvidence(evidence));
  };
  keep(tip.epoch, tip.view);
  keep(tip.epoch, View(tip.view.value() + 1));
  keep(Epoch(tip.epoch.value() + 1), View(0));
  EXPECT_EQ(Ask(Evidence()).rows_size(), 3) << "all that the node has";
  v1::AskRequest request = Evidence();
  request.set_as_of(tip.height.value());
  const v1::AskResponse then = Ask(request);
  ASSERT_EQ(then.rows_size(), 1);
  EXPECT_EQ(then.rows(0).evidence().view(), tip.view.value());
  EXPECT_EQ(then.as_of(), tip.height.value());
  request.set_as_of(0);
  EXPECT_EQ(Ask(request).rows_size(), 0);
}

TEST_F(CheckpointEvidenceTest, AsOfAHeightIsNoLargerTree) {
  ledger_.KeepEvidence("checkpoint/BBB/1", Signed(1, Sha256("another history")));
  ledger_.KeepEvidence("checkpoint/BBB/90", Signed(90, Sha256("one")) + Signed(90, Sha256("two")));
  EXPECT_EQ(Ask(Evidence()).rows_size(), 2);
  v1::AskRequest request = Evidence();
  request.set_as_of(ledger_.view()->tip().header.height.value());
  EXPECT_EQ(Ask(request).rows_size(), 1);
  request.set_as_of(0);
  EXPECT_EQ(Ask(request).rows_size(), 0);
}

TEST_F(EvidenceTest, DamageIsNoAnswer) {
  ledger_.KeepEvidence("vote/BBB/1/7/00", "too short");
  EXPECT_TRUE(absl::IsDataLoss(
      query::Ask(*ledger_.view(), FilledLedger::Anonymous(), Evidence()).status()));
}

}  // namespace
}  // namespace assent::query
