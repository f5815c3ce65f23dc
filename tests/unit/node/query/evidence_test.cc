#include "node/query/evidence.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/certificate.h"
#include "node/consensus/evidence.h"
#include "node/query/ask.h"
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
  ledger_.KeepEvidence("checkpoint/BBB/7", "other bytes");
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

TEST_F(EvidenceTest, HasNoHeight) {
  v1::AskRequest request = Evidence();
  request.set_as_of(0);
  EXPECT_TRUE(absl::IsInvalidArgument(
      query::Ask(*ledger_.view(), FilledLedger::Anonymous(), request).status()));
}

TEST_F(EvidenceTest, DamageIsNoAnswer) {
  ledger_.KeepEvidence("vote/BBB/1/7/00", "too short");
  EXPECT_TRUE(absl::IsDataLoss(
      query::Ask(*ledger_.view(), FilledLedger::Anonymous(), Evidence()).status()));
}

}  // namespace
}  // namespace assent::query
