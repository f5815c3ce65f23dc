#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/entry/entry.h"
#include "ledger/limits.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::HashNamed;
using ::testing::HasSubstr;

EntryHeader SomeHeader() {
  EntryHeader header;
  header.ledger_id = *LedgerId::From(HashNamed("ledger").view());
  header.author = *MemberCode::From("FRA");
  header.sequence = Sequence(7);
  header.previous = HashNamed("previous");
  header.authority_key_id = *KeyId::From(HashNamed("key").view());
  header.not_after = FromCivil({2026, 3, 31});
  header.body_commitment = HashNamed("body");
  return header;
}

v1::EntryHeader MessageOf(const EntryHeader& header) {
  v1::EntryHeader message;
  message.set_ledger_id(header.ledger_id.str());
  message.set_author(header.author.str());
  message.set_sequence(header.sequence.value());
  message.set_previous(header.previous.str());
  message.set_authority_key_id(header.authority_key_id.str());
  message.set_not_after_us(header.not_after.us);
  message.set_body_commitment(header.body_commitment.str());
  return message;
}

std::string Refusal(const std::string& bytes) {
  return std::string(ParseEntryHeader(bytes).status().message());
}

// Each field at its smallest and largest, and where a varint grows by a byte.
std::vector<EntryHeader> EdgeHeaders() {
  std::vector<EntryHeader> headers;
  std::vector<std::uint64_t> numbers{1, 127, 128, 16'383, 16'384};
  for (int bits = 20; bits < 64; ++bits) numbers.push_back((std::uint64_t{1} << bits) - 1);
  numbers.push_back(std::numeric_limits<std::uint64_t>::max());
  for (const std::uint64_t number : numbers) {
    headers.push_back(SomeHeader());
    headers.back().sequence = Sequence(number);
    headers.push_back(SomeHeader());
    headers.back().not_after.us = static_cast<std::int64_t>(number);
    headers.push_back(SomeHeader());
    headers.back().not_after.us = -static_cast<std::int64_t>(number >> 1);
  }
  headers.push_back(SomeHeader());
  headers.back().not_after.us = std::numeric_limits<std::int64_t>::min();
  headers.push_back(SomeHeader());
  headers.back().not_after.us = 0;
  headers.push_back(SomeHeader());
  headers.back().author = *MemberCode::From("ABCDEFGH");
  headers.push_back(SomeHeader());
  headers.back().previous = Hash();
  return headers;
}

TEST(EntryHeader, IsWrittenAsProtobufWritesIt) {
  for (const EntryHeader& header : EdgeHeaders()) {
    EXPECT_EQ(ToHex(EncodeEntryHeader(header)), ToHex(MessageOf(header).SerializeAsString()));
  }
}

TEST(EntryHeader, RoundTrips) {
  for (const EntryHeader& header : EdgeHeaders()) {
    const std::string bytes = EncodeEntryHeader(header);
    const auto parsed = ParseEntryHeader(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->ledger_id, header.ledger_id);
    EXPECT_EQ(parsed->author, header.author);
    EXPECT_EQ(parsed->sequence, header.sequence);
    EXPECT_EQ(parsed->previous, header.previous);
    EXPECT_EQ(parsed->authority_key_id, header.authority_key_id);
    EXPECT_EQ(parsed->not_after, header.not_after);
    EXPECT_EQ(parsed->body_commitment, header.body_commitment);
    EXPECT_EQ(EncodeEntryHeader(*parsed), bytes);
  }
}

// Whatever is accepted has no second form: protobuf reads it, and writes it again as it was.
TEST(EntryHeader, AcceptedBytesAreWhatProtobufWrites) {
  const std::string good = EncodeEntryHeader(SomeHeader());
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(value);
      if (!ParseEntryHeader(bytes).ok()) continue;
      ++accepted;
      v1::EntryHeader message;
      ASSERT_TRUE(message.ParseFromString(bytes));
      ASSERT_EQ(message.SerializeAsString(), bytes) << "byte " << at << " is " << value;
    }
  }
  EXPECT_GT(accepted, 256u * 32 * 4) << "any byte of the four hashes is as good as another";
}

TEST(EntryHeader, RefusesMissingAndWrongFields) {
  v1::EntryHeader message = MessageOf(SomeHeader());
  message.clear_ledger_id();
  EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("ledger_id (field 1)"));
  for (const char* author : {"", "FR", "fra", "ABCDEFGHI"}) {
    message = MessageOf(SomeHeader());
    message.set_author(author);
    EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("author (field 2)"));
  }
  message = MessageOf(SomeHeader());
  message.set_sequence(0);
  EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("sequence (field 3)"));
  for (const std::size_t size : {0u, 31u, 33u}) {
    message = MessageOf(SomeHeader());
    message.set_previous(std::string(size, 'x'));
    EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("previous (field 4)"));
    message = MessageOf(SomeHeader());
    message.set_authority_key_id(std::string(size, 'x'));
    EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("authority_key_id (field 5)"));
    message = MessageOf(SomeHeader());
    message.set_body_commitment(std::string(size, 'x'));
    EXPECT_THAT(Refusal(message.SerializeAsString()), HasSubstr("body_commitment (field 7)"));
  }
}

TEST(EntryHeader, RefusesEveryBeginningOfItself) {
  const std::string good = EncodeEntryHeader(SomeHeader());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseEntryHeader(good.substr(0, size)).ok()) << size;
  }
}

TEST(EntryHeader, RefusesUnknownRepeatedAndUnorderedFields) {
  const std::string good = EncodeEntryHeader(SomeHeader());
  const std::string sequence("\x18\x07", 2);
  ASSERT_NE(good.find(sequence), std::string::npos);
  // Protobuf takes all of these.
  const std::string field_8("\x40\x01", 2);
  const std::vector<std::string> bad{good + field_8, good + sequence, sequence + good, good + good,
                                     field_8 + good};
  for (const std::string& bytes : bad) {
    v1::EntryHeader message;
    ASSERT_TRUE(message.ParseFromString(bytes));
    EXPECT_FALSE(ParseEntryHeader(bytes).ok()) << ToHex(bytes);
  }
}

TEST(EntryHeader, RefusesNumbersThatAreLongerThanNeeded) {
  const std::string good = EncodeEntryHeader(SomeHeader());
  const std::size_t at = good.find(std::string("\x18\x07", 2));
  const std::string_view longer[] = {{"\x18\x87\x00", 3},
                                     {"\x18\x87\x80\x00", 4},
                                     {"\x98\x00\x07", 3},
                                     {"\x18\x87\x80\x80\x80\x80\x80\x80\x80\x80\x02", 11},
                                     {"\x18\x87\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 12}};
  for (const std::string_view form : longer) {
    std::string bytes = good;
    bytes.replace(at, 2, form);
    EXPECT_THAT(Refusal(bytes), HasSubstr("sequence (field 3)")) << ToHex(form);
  }
  std::string size = good;
  size.replace(1, 1, std::string("\xa0\x00", 2));
  EXPECT_FALSE(ParseEntryHeader(size).ok());
}

TEST(EntryHeader, RefusesAnExplicitZero) {
  EntryHeader header = SomeHeader();
  header.not_after = Time{};
  std::string bytes = EncodeEntryHeader(header);
  ASSERT_TRUE(ParseEntryHeader(bytes).ok());
  bytes.insert(bytes.size() - 34, std::string("\x30\x00", 2));
  v1::EntryHeader message;
  ASSERT_TRUE(message.ParseFromString(bytes));
  EXPECT_THAT(Refusal(bytes), HasSubstr("not_after_us (field 6)"));
}

TEST(EntryHeader, RefusesMoreThanItsLimit) {
  EXPECT_THAT(Refusal(std::string(kEntryHeaderBytesMax + 1, '\n')), HasSubstr("limit of 1024"));
}

}  // namespace
}  // namespace assent
