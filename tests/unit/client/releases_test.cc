#include "client/releases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assent/v1/entry.pb.h"
#include "client/entry_files.h"
#include "ledger/limits.h"
#include "tests/support/test_ledger.h"

namespace assent::client {
namespace {

using assent::testing::kFounded;
using assent::testing::NotificationBody;
using assent::testing::TestLedger;
using ::testing::HasSubstr;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

v1::Body BodyOf(const DraftEntry& entry) {
  v1::Body body;
  EXPECT_TRUE(body.ParseFromString(entry.body));
  return body;
}

// Two notifications of AAA, which has named two releasers.
class ReleasesTest : public ::testing::Test {
 protected:
  ReleasesTest()
      : draft_{ledger_.id(),
               ledger_.states[0].code,
               {Sequence(4), Hash::FromHexText(std::string(64, 'a')).value()},
               {},
               {{"Head", head_.public_key()}, {"Deputy", deputy_.public_key()}}} {
    for (const char* name : {"a", "b"}) {
      draft_.entries.push_back({std::string(name) + ".toml",
                                NotificationBody(name).SerializeAsString(), RandomSalt(),
                                kFounded + Days(7)});
    }
  }

  const TestLedger ledger_{1};
  KeySigner head_{SigningKey(SecretSeed::Random())};
  KeySigner deputy_{SigningKey(SecretSeed::Random())};
  KeySigner stranger_{SigningKey(SecretSeed::Random())};
  Draft draft_;
};

TEST_F(ReleasesTest, AReleasedDraftIsReadyToBeSigned) {
  EXPECT_EQ(CheckReleases(draft_).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(CheckReleases(draft_)), HasSubstr("by Head, Deputy: assent release"));
  const auto released = ReleaseDraft(draft_, head_, "Head");
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_TRUE(CheckReleases(*released).ok()) << CheckReleases(*released);
  EXPECT_EQ(BodyOf(released->entries[1]).release().name(), "Head");
  EXPECT_NE(BodyOf(released->entries[0]).release().signature(),
            BodyOf(released->entries[1]).release().signature());
}

TEST_F(ReleasesTest, AReleasedDraftReadsBackTheSame) {
  const auto released = ReleaseDraft(draft_, head_, "Head");
  const auto again = ParseDraft(FormatDraft(*released), "d");
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->releasers.size(), 2u);
  EXPECT_EQ(again->releasers[1].name, "Deputy");
  EXPECT_EQ(again->releasers[1].key, deputy_.public_key());
  EXPECT_EQ(again->entries[0].body, released->entries[0].body);
  EXPECT_TRUE(CheckReleases(*again).ok());
}

TEST_F(ReleasesTest, NothingIsReleasedTwice) {
  const auto released = ReleaseDraft(draft_, head_, "Head");
  EXPECT_THAT(Message(ReleaseDraft(*released, deputy_, "Deputy").status()),
              HasSubstr("a.toml: \"Head\" has released it already"));
}

TEST_F(ReleasesTest, WhatWasChangedAfterwardsIsNotReady) {
  const auto released = ReleaseDraft(draft_, head_, "Head");
  Draft other = *released;
  other.head.sequence = Sequence(5);
  EXPECT_THAT(Message(CheckReleases(other)), HasSubstr("not signed by the key that it names"));
  other = *released;
  other.entries[1].not_after = kFounded + Days(8);
  EXPECT_THAT(Message(CheckReleases(other)), HasSubstr("b.toml: the release is not signed"));
  other = *released;
  v1::Body body = BodyOf(other.entries[0]);
  body.mutable_launch_notification()->set_count(2);
  other.entries[0].body = body.SerializeAsString();
  EXPECT_FALSE(CheckReleases(other).ok());
  EXPECT_THAT(Message(CheckReleases(*ReleaseDraft(draft_, stranger_, "Head"))),
              HasSubstr("is no releaser of AAA with that key"));
  EXPECT_THAT(Message(CheckReleases(*ReleaseDraft(draft_, head_, "Deputy"))),
              HasSubstr("is no releaser of AAA with that key"));
}

TEST_F(ReleasesTest, TheNameIsTheOneThatTheStateHasGiven) {
  EXPECT_EQ(*ReleaserName(draft_, deputy_.public_key(), ""), "Deputy");
  EXPECT_EQ(*ReleaserName(draft_, deputy_.public_key(), "Deputy"), "Deputy");
  EXPECT_FALSE(ReleaserName(draft_, deputy_.public_key(), "Head").ok());
  EXPECT_THAT(Message(ReleaserName(draft_, stranger_.public_key(), "").status()),
              HasSubstr("these are Head, Deputy"));
  draft_.releasers.clear();
  EXPECT_FALSE(ReleaserName(draft_, deputy_.public_key(), "").ok());
  EXPECT_EQ(*ReleaserName(draft_, deputy_.public_key(), "Deputy"), "Deputy");
}

TEST_F(ReleasesTest, WithoutReleasersNothingNeedsToBeReleased) {
  draft_.releasers.clear();
  EXPECT_TRUE(CheckReleases(draft_).ok());
}

TEST_F(ReleasesTest, ARecordThatTheReleaseMakesTooLongIsRefused) {
  v1::Body body = NotificationBody("a");
  body.mutable_launch_notification()->set_class_id(
      std::string(kBodyBytesMax - body.ByteSizeLong() - 8, 'x'));
  draft_.entries[0].body = body.SerializeAsString();
  ASSERT_LE(draft_.entries[0].body.size(), kBodyBytesMax);
  EXPECT_THAT(Message(ReleaseDraft(draft_, head_, "Head").status()), HasSubstr("with its release"));
}

TEST_F(ReleasesTest, AListOfReleasersThatIsNoneIsRefused) {
  const std::string good = FormatDraft(draft_);
  for (const auto& [was, is] : {std::pair("\"public_key\"", "\"key\""), std::pair("\"Head\"", "7"),
                                std::pair("\"releasers\": [", "\"releasers\": [1, ")}) {
    std::string text = good;
    const auto at = text.find(was);
    ASSERT_NE(at, std::string::npos) << was;
    text.replace(at, std::string(was).size(), is);
    EXPECT_FALSE(ParseDraft(text, "d").ok()) << is;
  }
}

}  // namespace
}  // namespace assent::client
