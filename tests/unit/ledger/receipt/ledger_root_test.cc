// What the ledger's root is, by a quorum of its voters.
#include "ledger/receipt/ledger_root.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

class LedgerRootTest : public ::testing::Test {
 protected:
  LedgerRootTest() {
    ledger_.AddBlock({ledger_.Sign(0, "a"), ledger_.Sign(1, "b"), ledger_.Sign(2, "c")});
    ledger_.AddBlock({ledger_.Sign(0, "d"), ledger_.Sign(1, "e")});
    certificate_ = ledger_.Certify({0, 1, 3});
  }
  v1::LedgerRoot ProofOf(std::uint64_t size) const {
    v1::LedgerRoot proof;
    proof.set_root(ledger_.RootOf(size).str());
    for (const Hash& hash : ledger_.ConsistencyFrom(size)) proof.add_consistency_proof(hash.str());
    proof.set_header(ledger_.newest_bytes());
    proof.set_certificate(certificate_);
    return proof;
  }
  std::string Fault(const v1::LedgerRoot& proof, std::uint64_t size) const {
    return std::string(ProveRoot(proof, size, ledger_.act()).status().message());
  }

  SmallLedger ledger_;
  std::string certificate_;
};

// Also in the middle of a block.
TEST_F(LedgerRootTest, EverySizeHasARootThatCanBeProved) {
  for (std::uint64_t size = 1; size <= 5; ++size) {
    const auto root = ProveRoot(ProofOf(size), size, ledger_.act());
    ASSERT_TRUE(root.ok()) << root.status();
    EXPECT_EQ(*root, ledger_.RootOf(size));
  }
}

TEST_F(LedgerRootTest, AProofIsForItsSizeAndRootOnly) {
  EXPECT_THAT(Fault(ProofOf(3), 2), HasSubstr("consistency: "));
  EXPECT_THAT(Fault(ProofOf(3), 0), HasSubstr("consistency: "));
  EXPECT_THAT(Fault(ProofOf(5), 6), HasSubstr("consistency: "));
  v1::LedgerRoot other = ProofOf(3);
  other.set_root(ledger_.RootOf(2).str());
  EXPECT_THAT(Fault(other, 3), HasSubstr("consistency: "));
  other.set_root("short");
  EXPECT_THAT(Fault(other, 3), HasSubstr("root: it is not 32 bytes"));
}

TEST_F(LedgerRootTest, WhatIsNotFinalProvesNothing) {
  certificate_ = ledger_.Certify({0, 1});
  EXPECT_THAT(Fault(ProofOf(3), 3), HasSubstr("certificate: "));
}

TEST_F(LedgerRootTest, HashesAreBounded) {
  v1::LedgerRoot proof = ProofOf(3);
  proof.set_consistency_proof(0, "short");
  EXPECT_THAT(Fault(proof, 3), HasSubstr("a hash of it is not 32 bytes"));
  for (int i = 0; i < 65; ++i) proof.add_consistency_proof(std::string(32, 'x'));
  EXPECT_THAT(Fault(proof, 3), HasSubstr("it has more than 64 hashes"));
}

}  // namespace
}  // namespace assent
