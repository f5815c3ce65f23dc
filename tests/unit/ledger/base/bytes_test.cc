#include "ledger/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assent {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(Hex, WritesLowerCaseAndReadsBoth) {
  EXPECT_EQ(ToHex(std::string("\x00\x0f\xf0\xff", 4)), "000ff0ff");
  EXPECT_THAT(FromHex("000ff0FF"), Optional(std::string("\x00\x0f\xf0\xff", 4)));
  EXPECT_THAT(FromHex(""), Optional(std::string()));
}

TEST(Hex, RefusesWhatIsNoHex) {
  for (const char* text : {"0", "0g", "0x00", " 00", "00 ", "é0"}) {
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
  }
}

// RFC 4648 section 10.
TEST(Base64, HasTheVectorsOfTheRfc) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_THAT(FromBase64(text), Optional(std::string(bytes)));
  }
}

TEST(Base64, HasOneFormOnly) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "====", "Z===", "Zm9v\n", "Zm 9",
                           "Zm9-", "=Zm9", "Zg==Zg=="}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

TEST(Base64, RoundTripsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_THAT(FromBase64(ToBase64(bytes.substr(0, size))), Optional(bytes.substr(0, size)));
  }
}

TEST(FixedBytes, TakesItsExactSizeOnly) {
  EXPECT_TRUE(Hash::From(std::string(32, 'x')).has_value());
  EXPECT_FALSE(Hash::From(std::string(31, 'x')).has_value());
  EXPECT_FALSE(Hash::From(std::string(33, 'x')).has_value());
  EXPECT_FALSE(Hash::FromHexText(std::string(62, 'a')).has_value());
  EXPECT_EQ(Hash::FromHexText(std::string(64, 'a'))->hex(), std::string(64, 'a'));
  EXPECT_TRUE(Hash().IsZero());
}

TEST(Integers, AreBigEndian) {
  std::string out;
  AppendU8(out, 0x01);
  AppendU16(out, 0x0203);
  AppendU32(out, 0x04050607);
  AppendU64(out, 0x08090a0b0c0d0e0f);
  EXPECT_EQ(ToHex(out), "0102030405060708090a0b0c0d0e0f");

  ByteReader reader(out);
  EXPECT_EQ(reader.U8(), 0x01);
  EXPECT_EQ(reader.U16(), 0x0203);
  EXPECT_EQ(reader.U32(), 0x04050607u);
  EXPECT_EQ(reader.U64(), 0x08090a0b0c0d0e0fu);
  EXPECT_TRUE(reader.AtEnd());
}

TEST(ByteReader, StaysFailedOnceSomethingWasMissing) {
  ByteReader reader("abc");
  EXPECT_EQ(reader.U16(), 0x6162);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0u) << "the byte that is left must not be read after a failure";
  EXPECT_FALSE(reader.AtEnd());
}

TEST(ByteReader, RefusesAHugeSize) {
  ByteReader reader("abc");
  EXPECT_TRUE(reader.Bytes(static_cast<std::size_t>(-1)).empty());
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace assent
