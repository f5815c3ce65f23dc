#include "node/query/blocks.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/block/header.h"
#include "node/query/limits.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;

class BlocksTest : public ::testing::Test {
 protected:
  // First and last height of the range.
  std::pair<std::uint64_t, std::uint64_t> Plan(std::uint64_t from, std::uint32_t max_blocks) const {
    const auto range = PlanBlocks(*ledger_.view(), Height(from), max_blocks);
    EXPECT_TRUE(range.ok()) << range.status();
    if (!range.ok()) return {0, 0};
    return {range->first.value(), range->last.value()};
  }
  absl::StatusCode Refusal(std::uint64_t from) const {
    return PlanBlocks(*ledger_.view(), Height(from), 0).status().code();
  }

  FilledLedger ledger_;
};

TEST_F(BlocksTest, ARangeEndsInACertificate) {
  for (const char* certificate : {"1", "", "", "4", "5", ""}) ledger_.Commit(certificate);
  EXPECT_THAT(Plan(1, 0), Pair(1, 5));
  EXPECT_THAT(Plan(1, 1), Pair(1, 1));
  EXPECT_THAT(Plan(1, 3), Pair(1, 1));
  EXPECT_THAT(Plan(1, 4), Pair(1, 4));
  EXPECT_THAT(Plan(3, 9), Pair(3, 5));
}

TEST_F(BlocksTest, ARangeReachesToTheFirstCertificateEvenWhenItIsLonger) {
  for (const char* certificate : {"", "", "3", "4"}) ledger_.Commit(certificate);
  EXPECT_THAT(Plan(1, 1), Pair(1, 3));
}

TEST_F(BlocksTest, ARangeIsBounded) {
  for (std::uint32_t i = 0; i < kAuditBlocksMax + 5; ++i) ledger_.Commit();
  EXPECT_THAT(Plan(2, 0), Pair(2, kAuditBlocksMax + 1));
  EXPECT_THAT(Plan(2, ~std::uint32_t{0}), Pair(2, kAuditBlocksMax + 1));
}

TEST_F(BlocksTest, RefusesWhatIsNotThere) {
  ledger_.Commit("1");
  ledger_.Commit("");
  EXPECT_EQ(Refusal(0), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refusal(2), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Refusal(3), absl::StatusCode::kOutOfRange);
}

TEST_F(BlocksTest, ABlockIsWholeForAMember) {
  ledger_.File("AAA", PublicNotification("a1"));
  ledger_.File("BBB", MembersNotification("b1"));
  ledger_.Commit("the certificate");
  const auto block = FinalBlockAt(*ledger_.view(), FilledLedger::Member(), Height(1));
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ(block->header(), ledger_.view()->tip().header_bytes);
  EXPECT_EQ(block->certificate(), "the certificate");
  ASSERT_EQ(block->entries_size(), 2);
  EXPECT_FALSE(block->entries(0).body().empty());
  EXPECT_FALSE(block->entries(1).body().empty());
}

TEST_F(BlocksTest, ABlockHasOnlyPublicBodiesForTheAnonymous) {
  ledger_.File("AAA", PublicNotification("a1"));
  ledger_.File("BBB", MembersNotification("b1"));
  ledger_.Commit();
  const auto block = FinalBlockAt(*ledger_.view(), FilledLedger::Anonymous(), Height(1));
  ASSERT_EQ(block->entries_size(), 2);
  EXPECT_FALSE(block->entries(0).body().empty());
  EXPECT_FALSE(block->entries(1).header().empty());
  EXPECT_THAT(block->entries(1).body(), IsEmpty());
  EXPECT_THAT(block->entries(1).salt(), IsEmpty());
}

TEST_F(BlocksTest, ABlockThatIsNotFinalIsNotFound) {
  EXPECT_EQ(FinalBlockAt(*ledger_.view(), FilledLedger::Member(), Height(1)).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace assent::query
