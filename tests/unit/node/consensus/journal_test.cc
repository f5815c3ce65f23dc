// The journal's stored forms.
#include "node/consensus/journal.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

TEST(JournalTest, KeysAreOrderedByEpochViewAndKind) {
  const auto key = [](std::uint64_t epoch, std::uint64_t view, RecordKind kind) {
    return JournalRecord{Epoch(epoch), View(view), kind, ""}.Key();
  };
  EXPECT_LT(key(1, 255, RecordKind::kSkip), key(1, 256, RecordKind::kEntered));
  EXPECT_LT(key(1, 999, RecordKind::kFloor), key(2, 1, RecordKind::kEntered));
  EXPECT_LT(key(1, 1, RecordKind::kBlock), key(1, 1, RecordKind::kNotarize));
  EXPECT_LT(JournalKeyOfView(Epoch(1), View(5)), key(1, 5, RecordKind::kEntered));
  EXPECT_GT(JournalKeyOfView(Epoch(1), View(5)), key(1, 4, RecordKind::kFloor));
}

TEST(JournalTest, AKeyComesBackAsItWas) {
  const JournalRecord record{Epoch(3), View(9), RecordKind::kSkip, "bytes"};
  const auto parsed = JournalRecord::From(record.Key(), "bytes");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, record);
  EXPECT_FALSE(JournalRecord::From("short", "").ok());
  EXPECT_FALSE(JournalRecord::From(record.Key() + "x", "").ok());
  std::string unknown = record.Key();
  unknown.back() = 99;
  EXPECT_FALSE(JournalRecord::From(unknown, "").ok());
}

TEST(JournalTest, ABlockComesBackWithItsBodies) {
  const Voters voters(4);
  const BlockPtr block = voters.MakeBlock(
      1, {MakeEntry(1), std::make_shared<const Entry>(MakeEntry(2)->WithoutBody())});
  const auto parsed = ParseBlock(EncodeBlock(*block));
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ((*parsed)->hash, block->hash);
  EXPECT_EQ((*parsed)->header, block->header);
  EXPECT_EQ((*parsed)->leader_signature, block->leader_signature);
  ASSERT_EQ((*parsed)->entries.size(), 2u);
  EXPECT_EQ((*parsed)->entries[0]->body(), "body");
  EXPECT_EQ((*parsed)->entries[0]->leaf_hash(), block->entries[0]->leaf_hash());
  EXPECT_FALSE((*parsed)->entries[1]->has_body());
}

TEST(JournalTest, ABlockThatIsCutOffIsRefused) {
  const Voters voters(4);
  const std::string bytes = EncodeBlock(*voters.MakeBlock(1, {MakeEntry(1)}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto parsed = ParseBlock(std::string_view(bytes).substr(0, size));
    ASSERT_EQ(parsed.status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_FALSE(ParseBlock(bytes + "x").ok());
}

TEST(JournalTest, AVoteComesBackAsItWas) {
  const Voters voters(4);
  const Vote vote = voters.MakeVote(3, VoteKind::kFinalize, 8, BlockHash("a"));
  const auto parsed = ParseVote(EncodeVote(vote), kEpoch, View(8));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, vote);
  EXPECT_FALSE(ParseVote(EncodeVote(vote) + "x", kEpoch, View(8)).ok());
  EXPECT_FALSE(ParseVote("", kEpoch, View(8)).ok());
}

}  // namespace
}  // namespace assent::consensus
