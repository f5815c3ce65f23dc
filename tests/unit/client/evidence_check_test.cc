#include "client/evidence_check.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"

namespace assent::client {
namespace {

const LedgerId& Ledger() {
  static const LedgerId ledger = *LedgerId::From(Sha256("a ledger").view());
  return ledger;
}

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
    EXPECT_TRUE(CheckEvidence(row, Ledger()).ok()) << CheckEvidence(row, Ledger());
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
    EXPECT_TRUE(absl::IsDataLoss(CheckEvidence(row, Ledger())));
  }
}

TEST(EvidenceCheckTest, WhatWasChangedIsNone) {
  const v1::EvidenceRow good = Row(tag::kNotarize, "one", tag::kNotarize, "two");
  const auto is_refused = [&good](auto change) {
    v1::EvidenceRow bad = good;
    change(bad);
    return absl::IsDataLoss(CheckEvidence(bad, Ledger()));
  };
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.clear_key(); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_view(8); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.set_epoch(2); }));
  EXPECT_TRUE(
      is_refused([](v1::EvidenceRow& row) { row.set_first_signature(row.second_signature()); }));
  EXPECT_TRUE(is_refused([](v1::EvidenceRow& row) { row.mutable_second_statement()->pop_back(); }));
  const LedgerId other = *LedgerId::From(Sha256("another").view());
  EXPECT_TRUE(absl::IsDataLoss(CheckEvidence(good, other)));
}

}  // namespace
}  // namespace assent::client
