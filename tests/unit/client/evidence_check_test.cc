#include "client/evidence_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "assent/v1/proof.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

const FoundingAct& Act() {
  static const FoundingAct act = SmallLedger().act();
  return act;
}

const LedgerId& Ledger() { return Act().ledger_id; }

const SigningKey& Key() {
  static const SigningKey key(*SecretSeed::From(Sha256("a vote key").view()));
  return key;
}

// What follows the tag; without a block for a skip.
std::string Said(std::string_view block, const LedgerId& ledger = Ledger()) {
  std::string said(ledger.view());
  AppendU64(said, 1);
  AppendU64(said, 7);
  if (!block.empty()) said += Sha256(block).view();
  return said;
}

std::string Bytes(std::string_view tag, const std::string& said) {
  return std::string(tag) + '\0' + said;
}

v1::EvidenceRow Row(std::string_view tag, std::string_view block, std::string_view other_tag,
                    std::string_view other_block) {
  v1::EvidenceRow row;
  row.set_voter("BBB");
  row.set_kind(tag == tag::kProposal ? "PROPOSALS" : "VOTES");
  row.set_epoch(1);
  row.set_view(7);
  row.set_key(Key().public_key().str());
  row.set_first_statement(Bytes(tag, Said(block)));
  row.set_first_signature(Key().Sign(tag, Said(block)).str());
  row.set_second_statement(Bytes(other_tag, Said(other_block)));
  row.set_second_signature(Key().Sign(other_tag, Said(other_block)).str());
  return row;
}

TEST(EvidenceCheckTest, WhatNoCorrectNodeMakesIsProof) {
  for (const v1::EvidenceRow& row : {
           Row(tag::kNotarize, "one", tag::kNotarize, "two"),
           Row(tag::kFinalize, "one", tag::kFinalize, "two"),
           Row(tag::kProposal, "one", tag::kProposal, "two"),
           Row(tag::kSkip, "", tag::kFinalize, "one"),
           Row(tag::kFinalize, "one", tag::kSkip, ""),
           Row(tag::kFinalize, "one", tag::kNotarize, "two"),
       }) {
    EXPECT_TRUE(CheckEvidence(row, Act()).ok()) << CheckEvidence(row, Act());
  }
}

TEST(EvidenceCheckTest, WhatACorrectNodeMayMakeIsNone) {
  for (const v1::EvidenceRow& row : {
           Row(tag::kNotarize, "one", tag::kNotarize, "one"),
           Row(tag::kSkip, "", tag::kSkip, ""),
           Row(tag::kSkip, "", tag::kNotarize, "one"),
           Row(tag::kFinalize, "one", tag::kNotarize, "one"),
           Row(tag::kProposal, "one", tag::kNotarize, "two"),
       }) {
    EXPECT_TRUE(absl::IsDataLoss(CheckEvidence(row, Act())));
  }
}

TEST(EvidenceCheckTest, WhatWasChangedIsNone) {
  const v1::EvidenceRow good = Row(tag::kNotarize, "one", tag::kNotarize, "two");
  const auto is_refused = [&good](auto change) {
    v1::EvidenceRow bad = good;
    change(bad);
    return absl::IsDataLoss(CheckEvidence(bad, Act()));
  };
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.clear_key(); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_view(8); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_epoch(2); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_kind("PROPOSALS"); }));
  EXPECT_TRUE(
      is_refused([](v1::EvidenceRow& row) { row.set_first_signature(row.second_signature()); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.mutable_second_statement()->pop_back(); }));
  FoundingAct other = Act();
  other.ledger_id = *LedgerId::From(Sha256("another").view());
  EXPECT_TRUE(absl::IsDataLoss(CheckEvidence(good, other)));
}

class CheckpointEvidenceTest : public ::testing::Test {
 protected:
  CheckpointEvidenceTest() {
    ledger_.AddBlock({ledger_.Sign(0, "a"), ledger_.Sign(1, "b")});
    ledger_.AddBlock({ledger_.Sign(2, "c")});
    certificate_ = ledger_.Certify({0, 1, 3});
  }
  Checkpoint Of(std::uint64_t size, std::string_view history) const {
    return {ledger_.act().text.origin, size, Sha256(history)};
  }
  v1::EvidenceRow Two(const Checkpoint& first, const Checkpoint& second) const {
    v1::EvidenceRow row = One(first);
    row.set_second_statement(CheckpointText(second));
    row.set_second_signature(SignCheckpoint(second, Key()).str());
    return row;
  }
  // Without what contradicts it.
  v1::EvidenceRow One(const Checkpoint& said) const {
    v1::EvidenceRow row;
    row.set_voter("BBB");
    row.set_kind("CHECKPOINTS");
    row.set_key(Key().public_key().str());
    row.set_first_statement(CheckpointText(said));
    row.set_first_signature(SignCheckpoint(said, Key()).str());
    return row;
  }
  v1::LedgerRoot ProofOf(std::uint64_t size) const {
    v1::LedgerRoot proof;
    proof.set_root(ledger_.RootOf(size).str());
    for (const Hash& hash : ledger_.ConsistencyFrom(size)) proof.add_consistency_proof(hash.str());
    proof.set_header(ledger_.newest_bytes());
    proof.set_certificate(certificate_);
    return proof;
  }
  v1::EvidenceRow AgainstLedger(const Checkpoint& said) const {
    v1::EvidenceRow row = One(said);
    row.set_second_statement(ProofOf(said.tree_size).SerializeAsString());
    return row;
  }
  std::string Fault(const v1::EvidenceRow& row) const {
    const absl::Status status = CheckEvidence(row, ledger_.act());
    EXPECT_TRUE(status.ok() || absl::IsDataLoss(status)) << status;
    return std::string(status.message());
  }

  SmallLedger ledger_;
  std::string certificate_;
};

TEST_F(CheckpointEvidenceTest, TwoRootsOfOneSizeAreProof) {
  EXPECT_EQ(Fault(Two(Of(9, "one"), Of(9, "two"))), "");
  EXPECT_THAT(Fault(Two(Of(9, "one"), Of(9, "one"))), HasSubstr("a correct node may make both"));
  EXPECT_THAT(Fault(Two(Of(9, "one"), Of(8, "two"))), HasSubstr("a correct node may make both"));
}

TEST_F(CheckpointEvidenceTest, ARootThatTheLedgerDoesNotHaveIsProof) {
  for (const std::uint64_t size : {1u, 2u, 3u}) {
    EXPECT_EQ(Fault(AgainstLedger(Of(size, "another history"))), "") << size;
    const Checkpoint good{ledger_.act().text.origin, size, ledger_.RootOf(size)};
    EXPECT_THAT(Fault(AgainstLedger(good)), HasSubstr("the ledger has the same root"));
  }
  EXPECT_EQ(Fault(One(Of(0, "something"))), "") << "nobody needs a proof of nothing";
  EXPECT_THAT(Fault(One({ledger_.act().text.origin, 0, MerkleEmptyRoot()})),
              HasSubstr("the ledger has the same root"));
}

TEST_F(CheckpointEvidenceTest, TheLedgersRootMustBeProved) {
  EXPECT_THAT(Fault(One(Of(2, "another history"))), HasSubstr("the ledger's root: "));
  v1::EvidenceRow row = AgainstLedger(Of(2, "another history"));
  row.set_second_statement(ProofOf(1).SerializeAsString());
  EXPECT_THAT(Fault(row), HasSubstr("the ledger's root: consistency: "));
  row.set_second_statement("no message");
  EXPECT_THAT(Fault(row), HasSubstr("the ledger's root: "));
  certificate_ = ledger_.Certify({0, 1});
  EXPECT_THAT(Fault(AgainstLedger(Of(2, "another history"))),
              HasSubstr("the ledger's root: certificate: "));
}

TEST_F(CheckpointEvidenceTest, WhatWasChangedIsNone) {
  const v1::EvidenceRow good = Two(Of(9, "one"), Of(9, "two"));
  const auto is_refused = [&](auto change) {
    v1::EvidenceRow bad = good;
    change(bad);
    return absl::IsDataLoss(CheckEvidence(bad, ledger_.act()));
  };
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.clear_key(); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_kind("VOTES"); }));
  EXPECT_TRUE(
      is_refused([](v1::EvidenceRow& row) { row.set_first_signature(row.second_signature()); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_second_signature("short"); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.mutable_first_statement()->pop_back(); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_second_statement("a\nb\nc\n"); }));
  const Checkpoint foreign{"other.example/log", 9, Sha256("one")};
  EXPECT_THAT(Fault(Two(foreign, Of(9, "two"))), HasSubstr("no checkpoint of this ledger"));
}

}  // namespace
}  // namespace assent::client
