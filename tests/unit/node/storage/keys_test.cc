// The layout to the byte: a change here is a change of the format version.
#include "node/storage/keys.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "ledger/bytes.h"
#include "tests/unit/node/storage/chain.h"

namespace assent::storage {
namespace {

TEST(KeysTest, AreFixedToTheByte) {
  EXPECT_EQ(ToHex(NumberKey(258)), "0000000000000102");
  EXPECT_EQ(ToHex(AuthorKey(Code("FRA"), Sequence(1))),
            "61465241"
            "00"
            "0000000000000001");
  EXPECT_EQ(ToHex(CertifiedKey(Height(2))),
            "63"
            "0000000000000002");
  EXPECT_EQ(ToHex(HeightKey(EntryIndex(3))),
            "68"
            "0000000000000003");
  EXPECT_EQ(ToHex(TypeKey("AB", EntryIndex(4))),
            "744142"
            "00"
            "0000000000000004");
  EXPECT_EQ(ToHex(MerkleKey(5, 6)),
            "05"
            "0000000000000006");
}

TEST(KeysTest, AreInTheOrderOfTheirNumbers) {
  EXPECT_LT(NumberKey(255), NumberKey(256));
  EXPECT_LT(AuthorKey(Code("FRA"), Sequence(~std::uint64_t{0})),
            AuthorKey(Code("FRAA"), Sequence(1)));
  EXPECT_LT(TypeKey("Launch", EntryIndex(~std::uint64_t{0})),
            TypeKey("LaunchReport", EntryIndex(0)));
}

TEST(KeysTest, APrefixEndsBeforeTheNext) {
  EXPECT_EQ(PrefixEnd("a"), "b");
  EXPECT_EQ(PrefixEnd("a\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
  EXPECT_EQ(PrefixEnd(std::string_view("a\0", 2)), "a\x01");
}

TEST(KeysTest, NumbersAreEightBytes) {
  EXPECT_EQ(ParseNumber(NumberKey(7)), 7u);
  EXPECT_EQ(ParseNumber("1234567"), std::nullopt);
  EXPECT_EQ(ParseNumber("123456789"), std::nullopt);
}

TEST(KeysTest, AnEntryIsItsLeafDataAndItsBody) {
  Chain chain;
  const EntryPtr entry = chain.File("FRA", "body");
  const std::string leaf = LeafData(entry->header_bytes(), entry->signature());
  EXPECT_EQ(EncodeEntry(*entry), leaf + '\x01' + std::string(32, 's') + "body");
  EXPECT_EQ(EncodeEntry(entry->WithoutBody()), leaf + '\0');
}

TEST(KeysTest, ADamagedRecordIsDataLoss) {
  Chain chain;
  const std::string entry = EncodeEntry(*chain.File("FRA", "body"));
  for (std::size_t size = 0; size < entry.size(); ++size) {
    EXPECT_EQ(DecodeEntry(entry.substr(0, size)).status().code(), absl::StatusCode::kDataLoss)
        << "cut to " << size;
  }
  std::string flag = entry;
  flag[entry.size() - 4 - 32 - 1] = 2;
  EXPECT_EQ(DecodeEntry(flag).status().code(), absl::StatusCode::kDataLoss);
  std::string body = entry;
  body.back() = 'x';
  EXPECT_EQ(DecodeEntry(body).status().code(), absl::StatusCode::kDataLoss);

  const std::string block =
      EncodeBlock({chain.genesis().header, EncodeBlockHeader(chain.genesis().header), "", {}});
  EXPECT_TRUE(DecodeBlock(block).ok());
  for (std::size_t size = 0; size < block.size(); ++size) {
    EXPECT_EQ(DecodeBlock(block.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(KeysTest, ADamagedCheckpointIsDataLoss) {
  replica::CheckpointRecord record;
  record.signatures[Code("FRA")] = Signature();
  const std::string whole = EncodeCheckpoint(record);
  EXPECT_EQ(whole.size(), 8u + 8 + 32 + 1 + 3 + 64);
  EXPECT_TRUE(DecodeCheckpoint(whole).ok());
  EXPECT_FALSE(DecodeCheckpoint(whole.substr(0, whole.size() - 1)).ok());
  EXPECT_FALSE(DecodeCheckpoint(whole + "x").ok());
  EXPECT_FALSE(DecodeCheckpoint("").ok());
}

}  // namespace
}  // namespace assent::storage
