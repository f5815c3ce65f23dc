#include "ledger/block/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "ledger/crypto/hash.h"
#include "ledger/limits.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

BlockHeader SomeHeader() {
  BlockHeader header;
  header.kind = BlockKind::kClosing;
  header.ledger_id = *LedgerId::From(Sha256("ledger").view());
  header.epoch = Epoch(0x0102030405060708);
  header.view = View(2);
  header.height = Height(3);
  header.parent = Sha256("parent");
  header.time = Time{5};
  header.first_index = EntryIndex(6);
  header.tree_size = 7;
  header.tree_root = Sha256("tree root");
  header.state_digest = Sha256("state digest");
  header.author_heads_root = Sha256("author heads root");
  header.voters_hash = Sha256("voters hash");
  header.members_hash = Sha256("members hash");
  return header;
}

TEST(BlockHeader, RoundTrips) {
  const std::string bytes = EncodeBlockHeader(SomeHeader());
  EXPECT_EQ(bytes.size(), kBlockHeaderBytes);
  const auto parsed = ParseBlockHeader(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, SomeHeader());
  EXPECT_EQ(EncodeBlockHeader(*parsed), bytes);
}

// The table in docs/formats.md.
// Rules add durations to it.
TEST(BlockHeader, HasATimeOfTheYears1970To9999) {
  BlockHeader header;
  for (const std::int64_t us : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                                kTimeMaxUs + 1, std::numeric_limits<std::int64_t>::max()}) {
    header.time = Time{us};
    EXPECT_FALSE(ParseBlockHeader(EncodeBlockHeader(header)).ok()) << us;
  }
  for (const std::int64_t us : {std::int64_t{0}, kTimeMaxUs}) {
    header.time = Time{us};
    EXPECT_TRUE(ParseBlockHeader(EncodeBlockHeader(header)).ok()) << us;
  }
}

TEST(BlockHeader, HasEveryFieldAtItsOffset) {
  const std::string bytes = EncodeBlockHeader(SomeHeader());
  EXPECT_EQ(ToHex(bytes.substr(0, 2)), "0102");
  EXPECT_EQ(bytes.substr(2, 32), SomeHeader().ledger_id.view());
  EXPECT_EQ(ToHex(bytes.substr(34, 24)), "010203040506070800000000000000020000000000000003");
  EXPECT_EQ(bytes.substr(58, 32), SomeHeader().parent.view());
  EXPECT_EQ(ToHex(bytes.substr(90, 24)), "000000000000000500000000000000060000000000000007");
  EXPECT_EQ(bytes.substr(114, 32), SomeHeader().tree_root.view());
  EXPECT_EQ(bytes.substr(146, 32), SomeHeader().state_digest.view());
  EXPECT_EQ(bytes.substr(178, 32), SomeHeader().author_heads_root.view());
  EXPECT_EQ(bytes.substr(210, 32), SomeHeader().voters_hash.view());
  EXPECT_EQ(bytes.substr(242, 32), SomeHeader().members_hash.view());
  EXPECT_EQ(bytes.size(), 274u);
}

// Any bit that can be turned over makes another header or none: nothing in it is without meaning.
TEST(BlockHeader, HasNoBitWithoutMeaning) {
  const std::string good = EncodeBlockHeader(SomeHeader());
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const auto parsed = ParseBlockHeader(bytes);
    if (!parsed.ok()) continue;
    EXPECT_NE(*parsed, SomeHeader()) << "bit " << bit;
    EXPECT_EQ(EncodeBlockHeader(*parsed), bytes);
  }
}

TEST(BlockHeader, RefusesWhatIsNone) {
  const std::string good = EncodeBlockHeader(SomeHeader());
  EXPECT_THAT(std::string(ParseBlockHeader(good + "x").status().message()), HasSubstr("275 bytes"));
  EXPECT_FALSE(ParseBlockHeader(good.substr(1)).ok());
  EXPECT_FALSE(ParseBlockHeader("").ok());

  std::string format = good;
  format[0] = 2;
  EXPECT_THAT(std::string(ParseBlockHeader(format).status().message()), HasSubstr("format 2"));
  for (const int kind : {0, 4, 255}) {
    std::string bytes = good;
    bytes[1] = static_cast<char>(kind);
    EXPECT_THAT(std::string(ParseBlockHeader(bytes).status().message()),
                HasSubstr("kind " + std::to_string(kind)));
  }
  BlockHeader shrunk = SomeHeader();
  shrunk.first_index = EntryIndex(8);
  EXPECT_THAT(std::string(ParseBlockHeader(EncodeBlockHeader(shrunk)).status().message()),
              HasSubstr("smaller after the block"));
}

}  // namespace
}  // namespace assent
