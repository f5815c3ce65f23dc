#include "client/records.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "client/field_names.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

constexpr Time kNow{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z

constexpr char kNotification[] = R"(type = "LaunchNotification"
visibility = "PUBLIC"
reference = "2026-014"
kind = "SPACE_LAUNCH"
class_id = "SLV_MEDIUM"
window_start = 2026-06-01T06:00:00Z
window_end = "2026-06-01T12:00:00Z"
count = 1
[area.circle]
center = { latitude = -5.236, longitude = 179.999999 }
radius_m = 20000
[direction]
sector = { from_deg = 350, to_deg = 20 }
)";

absl::StatusOr<RecordFile> Read(const std::string& text) {
  const auto tree = ParseTree(text, "f");
  if (!tree.ok()) return tree.status();
  return ReadRecord(*tree, "f", kNow);
}

std::string RecordFault(const std::string& text) {
  return std::string(Read(text).status().message());
}

std::string Replaced(std::string text, const std::string& old, const std::string& fresh) {
  return text.replace(text.find(old), old.size(), fresh);
}

TEST(RecordsTest, ANotificationBecomesAMessage) {
  const auto record = Read(kNotification);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->body.visibility(), v1::PUBLIC);
  EXPECT_EQ(record->body.issued_at_us(), kNow.us);
  EXPECT_FALSE(record->body.has_supersedes());
  EXPECT_FALSE(record->not_after.has_value());
  const auto& notification = record->body.launch_notification();
  EXPECT_EQ(notification.reference(), "2026-014");
  EXPECT_EQ(notification.kind(), v1::SPACE_LAUNCH);
  EXPECT_EQ(Time{notification.window_start_us()}, *ParseTime("2026-06-01T06:00:00Z"));
  EXPECT_EQ(notification.window_end_us() - notification.window_start_us(), Hours(6).us);
  EXPECT_EQ(notification.area().circle().center().latitude_udeg(), -5'236'000);
  EXPECT_EQ(notification.area().circle().center().longitude_udeg(), 179'999'999);
  EXPECT_EQ(notification.direction().sector().from_deg(), 350u);
}

TEST(RecordsTest, JsonSaysTheSame) {
  const auto from_toml = Read(kNotification);
  ASSERT_TRUE(from_toml.ok());
  const auto from_json = Read(ToJson(RecordTree(from_toml->body)));
  ASSERT_TRUE(from_json.ok()) << from_json.status();
  EXPECT_EQ(from_json->body.SerializeAsString(), from_toml->body.SerializeAsString());
}

TEST(RecordsTest, WhatIsShownCanBeFiledAgain) {
  const auto record = Read(kNotification);
  ASSERT_TRUE(record.ok());
  const auto again = Read(ToToml(RecordTree(record->body)));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->body.SerializeAsString(), record->body.SerializeAsString());
}

TEST(RecordsTest, TheFilesOwnKeys) {
  const auto record = Read(
      "type = \"Withdrawal\"\nissued_at = 2025-12-31T00:00:00Z\nsupersedes = 3\n"
      "not_after = 2026-02-01T00:00:00Z\ntarget = 0\nreason = \"mistake\"\n");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->body.visibility(), v1::MEMBERS);
  EXPECT_EQ(record->body.issued_at_us(), kNow.us - Days(1).us);
  EXPECT_EQ(record->body.supersedes(), 3u);
  EXPECT_EQ(record->not_after, *ParseTime("2026-02-01T00:00:00Z"));
  EXPECT_EQ(record->body.withdrawal().target(), 0u);
}

TEST(RecordsTest, MistakesAreGivenWithLineAndRemedy) {
  EXPECT_THAT(RecordFault("reference = \"x\"\n"),
              HasSubstr("f:1: type = \"...\" is needed: one of AnnualDeclaration"));
  EXPECT_THAT(RecordFault("\ntype = \"Launch\"\n"), HasSubstr("f:2: Launch is no record type"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "reference", "refrence")),
              HasSubstr("f:3: unknown key refrence; LaunchNotification has reference, kind"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "radius_m", "radius")),
              HasSubstr("f:11: unknown key radius; Circle has center, radius_m"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "\"SPACE_LAUNCH\"", "\"ROCKET\"")),
              HasSubstr("f:4: kind must be one of BALLISTIC_MISSILE, SPACE_LAUNCH"));
  EXPECT_THAT(
      RecordFault(Replaced(kNotification, "\"SPACE_LAUNCH\"", "\"LAUNCH_KIND_UNSPECIFIED\"")),
      HasSubstr("f:4: kind must be one of"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "count = 1", "count = \"1\"")),
              HasSubstr("f:8: count must be a whole number, not a string"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "count = 1", "count = -1")),
              HasSubstr("must be from 0 to"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "count = 1", "count = 4294967296")),
              HasSubstr("must be from 0 to"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "\"2026-06-01T12:00:00Z\"", "\"noon\"")),
              HasSubstr("f:7: window_end"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "[direction]", "[direction]\nazimuth_deg = 1")),
              HasSubstr("only one of azimuth_deg and sector may be given"));
  EXPECT_THAT(RecordFault("type = \"Withdrawal\"\nreason = [\"a\"]\n"),
              HasSubstr("must be a string, not a list"));
  EXPECT_THAT(RecordFault("type = \"RevisionSign\"\ntext_hash = \"xyz\"\n"),
              HasSubstr("must be hex digits"));
  EXPECT_THAT(RecordFault("type = \"Withdrawal\"\nvisibility = \"ALL\"\n"),
              HasSubstr("MEMBERS, PUBLIC"));
}

TEST(RecordsTest, DegreesHaveSixDecimalsAtMost) {
  EXPECT_THAT(RecordFault(Replaced(kNotification, "179.999999", "179.9999991")),
              HasSubstr("at most 6 decimals"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "179.999999", "inf")),
              HasSubstr("must be decimal degrees"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "179.999999", "nan")),
              HasSubstr("must be decimal degrees"));
  EXPECT_THAT(RecordFault(Replaced(kNotification, "179.999999", "\"179\"")),
              HasSubstr("must be decimal degrees"));
  const auto whole = Read(Replaced(kNotification, "179.999999", "-7"));
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->body.launch_notification().area().circle().center().longitude_udeg(),
            -7'000'000);
}

TEST(RecordsTest, EveryMicrodegreeReadsBackAsItself) {
  for (const std::int32_t udeg :
       {1, -1, 123'456, 5'236'001, 89'999'999, -179'999'999, 180'000'000}) {
    v1::Coordinates point;
    point.set_latitude_udeg(-udeg / 2);
    point.set_longitude_udeg(udeg);
    const auto tree = ParseToml(ToToml(MessageTree(point, Defaults::kHide)), "f");
    ASSERT_TRUE(tree.ok()) << tree.status();
    v1::Coordinates again;
    ASSERT_TRUE(FillMessage(*tree, "f", again).ok());
    EXPECT_EQ(again.latitude_udeg(), -udeg / 2);
    EXPECT_EQ(again.longitude_udeg(), udeg);
  }
}

TEST(RecordsTest, CoordinatesOnTheEquatorAreNotHidden) {
  v1::Coordinates point;
  EXPECT_EQ(ToToml(MessageTree(point, Defaults::kHide)), "");
  point.set_latitude_udeg(0);
  point.set_longitude_udeg(0);
  EXPECT_EQ(ToToml(MessageTree(point, Defaults::kHide)), "latitude = 0.0\nlongitude = 0.0\n");
}

TEST(RecordsTest, ProgramsSeeFieldsThatAreZero) {
  const v1::ClassCount launches;
  EXPECT_EQ(ToJsonLine(MessageTree(launches, Defaults::kShow)),
            "{\"class_id\":\"\",\"count\":0}\n");
  EXPECT_EQ(ToJsonLine(MessageTree(launches, Defaults::kHide)), "{\"count\":0}\n");
}

// What a file leaves out stays out of what is signed, for the ledger to refuse.
TEST(RecordsTest, LeavingANumberOutIsNotTheSameAsZero) {
  const std::string file = "type = \"Withdrawal\"\nreason = \"mistake\"\n";
  const auto without = Read(file);
  const auto with = Read(file + "target = 0\n");
  ASSERT_TRUE(without.ok() && with.ok());
  EXPECT_FALSE(without->body.withdrawal().has_target());
  EXPECT_TRUE(with->body.withdrawal().has_target());
  EXPECT_EQ(ToToml(RecordTree(without->body)).find("target"), std::string::npos);
  EXPECT_NE(ToToml(RecordTree(with->body)).find("target = 0"), std::string::npos);
}

TEST(RecordsTest, AReleaseIsShownAndNotWrittenByHand) {
  auto record = Read("type = \"Withdrawal\"\nreason = \"x\"\ntarget = 1\n");
  record->body.mutable_release()->set_name("Head");
  const std::string shown = ToToml(RecordTree(record->body));
  EXPECT_THAT(shown, HasSubstr("[release]\nname = \"Head\"\n"));
  EXPECT_THAT(RecordFault(shown), HasSubstr("a release belongs to one entry"));
}

// Keys of the file and keys of the record stand side by side: a record field of the same name would
// be lost.
TEST(RecordsTest, NoRecordFieldHasTheNameOfAFileKey) {
  const auto* records = v1::Body::descriptor()->FindOneofByName("record");
  for (int i = 0; i < records->field_count(); ++i) {
    for (const char* key :
         {"type", "template", "visibility", "issued_at", "supersedes", "not_after", "release"}) {
      EXPECT_EQ(FieldFor(*records->field(i)->message_type(), key), nullptr) << key;
    }
  }
}

}  // namespace
}  // namespace assent::client
