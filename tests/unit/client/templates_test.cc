#include "client/templates.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_split.h"
#include "client/field_names.h"
#include "client/records.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<RecordFile> Read(const std::string& text) {
  const auto tree = ParseToml(text, "f");
  if (!tree.ok()) return tree.status();
  return ReadRecord(*tree, "f", Time{0});
}

// The template without its `template = true`: what somebody who fills it in leaves.
std::string Filled(const RecordTemplate& record) {
  std::string text;
  const std::string file = TemplateFile(record);
  for (const absl::string_view line : absl::StrSplit(file, '\n')) {
    if (!StdView(line).starts_with("template")) text += std::string(line) + "\n";
  }
  return text;
}

// With one of the keys that are commented out put in, and the live line of the same table before it
// that excludes it taken out: the line given by its start.
std::string Uncommented(std::string text, const std::string& commented,
                        const std::string& excluded) {
  const auto at = text.find("\n# " + commented);
  EXPECT_NE(at, std::string::npos) << commented;
  text.erase(at + 1, 2);
  if (!excluded.empty()) {
    const auto begin = text.find("\n" + excluded);
    EXPECT_NE(begin, std::string::npos) << excluded;
    text.insert(begin + 1, "# ");
  }
  return text;
}

// All keys of a message and of those inside it.
void CollectKeys(const google::protobuf::Descriptor& message, std::set<std::string>& keys) {
  for (int i = 0; i < message.field_count(); ++i) {
    keys.insert(KeyOf(*message.field(i)));
    if (message.field(i)->message_type() != nullptr)
      CollectKeys(*message.field(i)->message_type(), keys);
  }
}

class TemplatesTest : public ::testing::TestWithParam<RecordTemplate> {};

TEST_P(TemplatesTest, IsRefusedUntilItIsFilledIn) {
  EXPECT_THAT(std::string(Read(TemplateFile(GetParam())).status().message()),
              HasSubstr("still a template"));
}

TEST_P(TemplatesTest, FilledInIsARecordOfItsType) {
  const auto record = Read(Filled(GetParam()));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(RecordTypeOf(record->body), GetParam().type);
  EXPECT_LE(record->body.ByteSizeLong(), kBodyBytesMax);
}

TEST_P(TemplatesTest, NamesEveryFieldOfItsRecord) {
  const auto* records = v1::Body::descriptor()->FindOneofByName("record");
  for (int i = 0; i < records->field_count(); ++i) {
    if (records->field(i)->message_type()->name() != GetParam().type) continue;
    std::set<std::string> keys;
    CollectKeys(*records->field(i)->message_type(), keys);
    const std::string text(GetParam().text);
    for (const std::string& key : keys) {
      EXPECT_TRUE(text.find(key + " =") != std::string::npos ||
                  text.find("[" + key + "]") != std::string::npos)
          << key;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TemplatesTest, ::testing::ValuesIn(RecordTemplates()),
                         [](const auto& test) { return std::string(test.param.type); });

TEST(TemplateListTest, EveryRecordTypeHasOne) {
  std::set<std::string> types;
  for (const RecordTemplate& record : RecordTemplates()) types.emplace(record.type);
  const auto names = RecordTypeNames();
  EXPECT_EQ(types, std::set<std::string>(names.begin(), names.end()));
}

TEST(TemplateListTest, TheAlternativesOfANotificationParse) {
  const std::string filled = Filled(*FindTemplate("launch-notification"));
  for (const char* area : {"circle", "polygon", "sea_area"}) {
    EXPECT_TRUE(Read(Uncommented(filled, std::string(area) + " =", "site =")).ok()) << area;
    EXPECT_FALSE(Read(Uncommented(filled, std::string(area) + " =", "")).ok()) << area;
  }
  for (const char* direction : {"sector", "compass_point"}) {
    EXPECT_TRUE(Read(Uncommented(filled, std::string(direction) + " =", "azimuth_deg =")).ok())
        << direction;
  }
  for (const char* optional : {"issued_at =", "not_after =", "supersedes ="}) {
    EXPECT_TRUE(Read(Uncommented(filled, optional, "")).ok()) << optional;
  }
}

TEST(TemplateListTest, TheOptionalKeysOfOthersParse) {
  EXPECT_TRUE(
      Read(Uncommented(Filled(*FindTemplate("annual-declaration")), "unchanged_since =", "")).ok());
  EXPECT_TRUE(
      Read(Uncommented(Filled(*FindTemplate("launch-report")), "kind =", "notification =")).ok());
  EXPECT_TRUE(
      Read(Uncommented(Filled(*FindTemplate("launch-report")), "class_id =", "notification ="))
          .ok());
}

TEST(TemplateListTest, NamesAreFound) {
  EXPECT_NE(FindTemplate("withdrawal"), nullptr);
  EXPECT_EQ(FindTemplate("Withdrawal"), FindTemplate("withdrawal"));
  EXPECT_EQ(FindTemplate("with"), nullptr);
}

}  // namespace
}  // namespace assent::client
