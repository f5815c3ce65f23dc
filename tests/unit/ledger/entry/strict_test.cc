#include "ledger/entry/strict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "assent/v1/block.pb.h"
#include "assent/v1/entry.pb.h"
#include "assent/v1/ledger.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/bytes.h"
#include "ledger/limits.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

// A body in which every kind of field appears, messages within messages among them.
v1::Body FullBody() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(-1);
  body.set_supersedes(0);
  v1::AnnualDeclaration& declaration = *body.mutable_annual_declaration();
  declaration.set_year(2025);
  v1::DeclarationPart& part = *declaration.mutable_ballistic_missiles();
  part.set_form(v1::FULL);
  part.set_policy_outline("défense");
  for (const char* name : {"Kourou", "Landes"}) {
    v1::Site& site = *part.add_sites();
    site.set_name(name);
    site.mutable_location()->set_latitude_udeg(-5'239'000);
    site.mutable_location()->set_longitude_udeg(52'768'000);
  }
  v1::ClassCount& count = *part.add_launches();
  count.set_class_id("SLV_MEDIUM");
  count.set_count(300);
  return body;
}

std::string Refusal(const std::string& bytes) {
  v1::Body body;
  return std::string(ParseStrict(bytes, body).message());
}

// The bytes of a field that holds `value`.
std::string Field(int number, const std::string& value) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  if (number >= 16) {
    out[0] = static_cast<char>((number << 3 | 2) | 0x80);
    out.push_back(static_cast<char>(number >> 4));
  }
  out.push_back(static_cast<char>(value.size()));
  return out + value;
}

TEST(ParseStrict, TakesWhatProtobufWrites) {
  v1::Body body;
  const std::string bytes = FullBody().SerializeAsString();
  ASSERT_TRUE(ParseStrict(bytes, body).ok()) << ParseStrict(bytes, body);
  EXPECT_EQ(body.SerializeAsString(), bytes);
  EXPECT_TRUE(ParseStrict("", body).ok());
  EXPECT_EQ(body.ByteSizeLong(), 0u) << "what was in the message before is gone";
}

TEST(ParseStrict, TakesTheLargestAndSmallestNumbers) {
  v1::Body body;
  for (const std::int64_t us :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    body.set_issued_at_us(us);
    v1::Body parsed;
    ASSERT_TRUE(ParseStrict(body.SerializeAsString(), parsed).ok());
    EXPECT_EQ(parsed.issued_at_us(), us);
  }
  v1::Coordinates place;
  place.set_latitude_udeg(std::numeric_limits<std::int32_t>::min());
  place.set_longitude_udeg(std::numeric_limits<std::int32_t>::max());
  v1::Coordinates parsed;
  ASSERT_TRUE(ParseStrict(place.SerializeAsString(), parsed).ok());
  EXPECT_EQ(parsed.latitude_udeg(), std::numeric_limits<std::int32_t>::min());
}

// The promise: for any bytes, what is accepted is written again as it was.
TEST(ParseStrict, AcceptsOneFormOnly) {
  const std::string good = FullBody().SerializeAsString();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(value);
      v1::Body body;
      if (!ParseStrict(bytes, body).ok()) continue;
      ASSERT_EQ(ToHex(body.SerializeAsString()), ToHex(bytes)) << "byte " << at << " " << value;
    }
  }
}

TEST(ParseStrict, RefusesUnknownFieldsAtEveryDepth) {
  const std::string unknown = "\x78\x01";  // field 15, number 1
  EXPECT_THAT(Refusal(unknown), HasSubstr("malformed Body: unknown field 15"));
  EXPECT_THAT(Refusal(Field(16, unknown)),
              HasSubstr("malformed Body.annual_declaration: unknown field 15"));
  const std::string deep = Field(16, Field(2, Field(4, Field(2, unknown))));
  EXPECT_THAT(Refusal(deep),
              HasSubstr("Body.annual_declaration.ballistic_missiles.sites.location: unknown"));
  v1::Body body;
  EXPECT_TRUE(body.ParseFromString(deep)) << "protobuf alone would take it";
}

TEST(ParseStrict, RefusesAFieldThatIsThereTwice) {
  const std::string twice = "\x08\x01\x08\x02";
  v1::Body body;
  ASSERT_TRUE(body.ParseFromString(twice));
  EXPECT_THAT(Refusal(twice), HasSubstr("Body.visibility: it is there twice"));
}

TEST(ParseStrict, RefusesTwoRecords) {
  const std::string two = Field(16, "") + Field(17, "");
  v1::Body body;
  ASSERT_TRUE(body.ParseFromString(two));
  EXPECT_THAT(Refusal(two), HasSubstr("only one record"));
}

TEST(ParseStrict, RefusesFieldsOutOfOrder) {
  EXPECT_THAT(Refusal(std::string("\x10\x01\x08\x01", 4)), HasSubstr("ascending order"));
}

TEST(ParseStrict, RefusesOtherFormsOfNumbers) {
  EXPECT_FALSE(Refusal(std::string("\x08\x81\x00", 3)).empty()) << "longer than needed";
  EXPECT_FALSE(Refusal(std::string("\x88\x00\x01", 3)).empty()) << "tag longer than needed";
  EXPECT_FALSE(Refusal(std::string("\x08\x00", 2)).empty()) << "explicit zero";
  EXPECT_FALSE(Refusal(std::string("\x0d\x01\x00\x00\x00", 5)).empty()) << "of fixed size";
  EXPECT_FALSE(Refusal("\x08\xff\xff\xff\xff\xff\x01").empty()) << "too large for an enum";
  EXPECT_FALSE(Refusal("\x08").empty()) << "cut short";
  EXPECT_FALSE(Refusal(std::string("\x00\x01", 2)).empty()) << "field 0";
  EXPECT_FALSE(Refusal("\x0b\x0c").empty()) << "a group";
}

TEST(ParseStrict, RefusesLengthsThatLeadOutside) {
  EXPECT_FALSE(Refusal("\x82\x01\x05").empty());
  EXPECT_FALSE(Refusal("\x82\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").empty());
}

TEST(ParseStrict, RefusesTextThatIsNotUtf8) {
  const std::string bytes = Field(16, Field(2, Field(3,
                                                     "d\xE9"
                                                     "fense")));
  EXPECT_THAT(Refusal(bytes), HasSubstr("policy_outline: the text is not UTF-8"));
}

TEST(ParseStrict, KeepsTheDifferenceBetweenAbsentAndZero) {
  v1::Body body;
  ASSERT_TRUE(ParseStrict(std::string("\x18\x00", 2), body).ok()) << "supersedes has presence";
  EXPECT_TRUE(body.has_supersedes());
}

TEST(ParseStrict, HasALimit) {
  EXPECT_THAT(Refusal(std::string(kGrpcMessageBytesMax + 1, '\0')), HasSubstr("the limit is"));
}

TEST(ParseStrict, TakesWhatOurOwnMessagesAre) {
  v1::Receipt receipt;
  receipt.set_index(5);
  receipt.add_inclusion_proof("a");
  receipt.add_inclusion_proof("");
  receipt.add_epochs()->add_voters()->set_code("FRA");
  v1::Receipt parsed;
  ASSERT_TRUE(ParseStrict(receipt.SerializeAsString(), parsed).ok())
      << ParseStrict(receipt.SerializeAsString(), parsed);
  EXPECT_EQ(parsed.inclusion_proof_size(), 2);
}

TEST(CheckNoUnknownFields, LooksAtEveryDepth) {
  v1::Body body;
  ASSERT_TRUE(body.ParseFromString(Field(16, Field(2, Field(4, Field(2, "\x78\x01"))))));
  EXPECT_THAT(std::string(CheckNoUnknownFields(body).message()),
              HasSubstr("unknown field 15 in Coordinates"));
  EXPECT_TRUE(CheckNoUnknownFields(FullBody()).ok());
}

}  // namespace
}  // namespace assent
