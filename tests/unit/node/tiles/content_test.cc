// Tiles hold the hashes and leaves of the tree; whatever is not whole yet is not there.
#include "node/tiles/content.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ledger/entry/entry.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "tests/support/test_chain.h"

namespace assent::tiles {
namespace {

using Kind = TilePath::Kind;

constexpr std::uint64_t kEntries = 2 * kTileWidth + 5;
constexpr char kOrigin[] = "test.example/assent";

class ContentTest : public ::testing::Test {
 protected:
  // Entries take a while to sign, so all tests read one ledger.
  static void SetUpTestSuite() {
    chain_ = new testing::TestChain(1);
    for (std::uint64_t i = 0; i < kEntries; ++i) filed_.push_back(chain_->Notify("AAA"));
    chain_->CommitEntries(filed_);
  }
  static void TearDownTestSuite() {
    filed_.clear();
    delete chain_;
  }

  static absl::StatusOr<std::string> Read(const TilePath& path) {
    return ReadTile(*chain_->store.Read(), kOrigin, path);
  }
  static std::vector<Hash> LeafHashes(std::uint64_t first, std::uint64_t count) {
    std::vector<Hash> hashes;
    for (std::uint64_t i = first; i < first + count; ++i) hashes.push_back(filed_[i]->leaf_hash());
    return hashes;
  }
  static std::string Joined(const std::vector<Hash>& hashes) {
    std::string bytes;
    for (const Hash& hash : hashes) bytes += hash.view();
    return bytes;
  }

  static inline testing::TestChain* chain_ = nullptr;
  static inline std::vector<EntryPtr> filed_;
};

TEST_F(ContentTest, TheLowestLevelIsTheLeaves) {
  for (const std::uint64_t index : {0u, 1u}) {
    const auto tile = Read({.kind = Kind::kHashes, .index = index});
    ASSERT_TRUE(tile.ok()) << tile.status();
    EXPECT_EQ(*tile, Joined(LeafHashes(index * kTileWidth, kTileWidth)));
  }
  const auto partial = Read({.kind = Kind::kHashes, .index = 2, .width = 5});
  ASSERT_TRUE(partial.ok()) << partial.status();
  EXPECT_EQ(*partial, Joined(LeafHashes(2 * kTileWidth, 5)));
}

TEST_F(ContentTest, ALevelUpIsTheRootsOfTilesBelow) {
  const auto tile = Read({.kind = Kind::kHashes, .level = 1, .width = 2});
  ASSERT_TRUE(tile.ok()) << tile.status();
  EXPECT_EQ(*tile, Joined({MerkleRoot(LeafHashes(0, kTileWidth)),
                           MerkleRoot(LeafHashes(kTileWidth, kTileWidth))}));
}

TEST_F(ContentTest, EntriesAreLeavesWithTheirLength) {
  const auto bundle = Read({.kind = Kind::kEntries, .index = 2, .width = 5});
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  std::string expected;
  for (std::uint64_t i = 2 * kTileWidth; i < kEntries; ++i) {
    const std::string leaf = LeafData(filed_[i]->header_bytes(), filed_[i]->signature());
    AppendU16(expected, static_cast<std::uint16_t>(leaf.size()));
    expected += leaf;
    EXPECT_EQ(MerkleLeafHash(leaf), filed_[i]->leaf_hash());
  }
  EXPECT_EQ(*bundle, expected);
}

TEST_F(ContentTest, WhatIsNotWholeYetIsNotThere) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  for (const TilePath& path :
       {TilePath{.kind = Kind::kHashes, .index = 2},
        TilePath{.kind = Kind::kHashes, .index = 2, .width = 6},
        TilePath{.kind = Kind::kHashes, .index = 3, .width = 1},
        TilePath{.kind = Kind::kHashes, .index = kLast, .width = 1},
        TilePath{.kind = Kind::kHashes, .level = 1, .width = 3},
        TilePath{.kind = Kind::kHashes, .level = 2, .width = 1},
        TilePath{.kind = Kind::kHashes, .level = 7, .width = 1},
        TilePath{.kind = Kind::kEntries, .index = 2},
        TilePath{.kind = Kind::kEntries, .index = kLast},
        TilePath{.kind = Kind::kEntries, .index = 2, .width = 6}, TilePath{}}) {
    EXPECT_TRUE(absl::IsNotFound(Read(path).status())) << FormatPath(path);
  }
}

TEST(CheckpointTileTest, HasAsManySignaturesAsStockReadersTake) {
  testing::TestChain chain(kCheckpointLinesMax + 1);
  chain.CommitEntries({});
  replica::CheckpointRecord record{chain.tip->header.height, 0, MerkleEmptyRoot(), {}};
  for (const auto& state : chain.ledger.states) {
    record.signatures[state.code] =
        SignCheckpoint({kOrigin, 0, record.root}, state.node.checkpoint);
  }
  replica::Batch batch;
  batch.checkpoint = record;
  ASSERT_TRUE(chain.store.Write(batch).ok());
  const auto note = ReadTile(*chain.store.Read(), kOrigin, {});
  ASSERT_TRUE(note.ok()) << note.status();
  const auto parsed = ParseNote(*note);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->signatures.size(), kCheckpointLinesMax);
}

}  // namespace
}  // namespace assent::tiles
