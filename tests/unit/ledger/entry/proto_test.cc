#include "ledger/entry/proto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

Entry SomeEntry(const std::string& body = "body") {
  EntryHeader header;
  header.author = *MemberCode::From("FRA");
  header.sequence = Sequence(1);
  return SignEntry(header, body, *Salt::From(std::string(32, 's')), sample::KeyNamed("key"))
      .value();
}

std::string Refusal(const v1::Entry& message) {
  return std::string(FromProto(message).status().message());
}

TEST(EntryMessage, RoundTripsWithAndWithoutBody) {
  for (const Entry& entry : {SomeEntry(), SomeEntry().WithoutBody(), SomeEntry("")}) {
    const v1::Entry message = ToProto(entry);
    const auto copied = FromProto(message);
    const auto moved = FromProto(v1::Entry(message));
    for (const auto* parsed : {&copied, &moved}) {
      ASSERT_TRUE(parsed->ok()) << parsed->status();
      EXPECT_EQ((*parsed)->leaf_hash(), entry.leaf_hash());
      EXPECT_EQ((*parsed)->has_body(), entry.has_body());
      if (entry.has_body()) {
        EXPECT_EQ((*parsed)->body(), entry.body());
        EXPECT_EQ((*parsed)->salt(), entry.salt());
      }
    }
  }
}

TEST(EntryMessage, RefusesWrongSizes) {
  v1::Entry message = ToProto(SomeEntry());
  message.set_signature(std::string(63, 'x'));
  EXPECT_THAT(Refusal(message), HasSubstr("the signature has 63 bytes, not 64"));
  message = ToProto(SomeEntry());
  message.set_salt(std::string(33, 'x'));
  EXPECT_THAT(Refusal(message), HasSubstr("the salt has 33 bytes, not 32"));
  message = ToProto(SomeEntry());
  message.clear_salt();
  EXPECT_THAT(Refusal(message), HasSubstr("the salt has 0 bytes"));
  message = ToProto(SomeEntry());
  message.clear_body();
  EXPECT_THAT(Refusal(message), HasSubstr("not the one that the header commits to"));
  EXPECT_FALSE(FromProto(v1::Entry()).ok());
}

TEST(EntryMessage, RefusesUnknownFields) {
  v1::Entry message;
  ASSERT_TRUE(message.ParseFromString(ToProto(SomeEntry()).SerializeAsString() + "\x78\x01"));
  EXPECT_THAT(Refusal(message), HasSubstr("unknown field 15 in Entry"));
}

}  // namespace
}  // namespace assent
