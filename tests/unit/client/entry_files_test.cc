#include "client/entry_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_ledger.h"

namespace assent::client {
namespace {

using assent::testing::kFounded;
using assent::testing::NotificationBody;
using assent::testing::TestLedger;
using ::testing::HasSubstr;

class EntryFilesTest : public ::testing::Test {
 protected:
  Draft TwoNotifications() const {
    Draft draft{ledger_.id(),
                ledger_.states[0].code,
                {Sequence(4), Hash::FromHexText(std::string(64, 'a')).value()},
                {}};
    for (const char* name : {"a", "b"}) {
      draft.entries.push_back({std::string(name) + ".toml",
                               NotificationBody(name).SerializeAsString(), RandomSalt(),
                               kFounded + Days(7)});
    }
    return draft;
  }

  const TestLedger ledger_{1};
  KeySigner signer_{SigningKey(SecretSeed::Random())};
};

TEST_F(EntryFilesTest, ADraftReadsBackTheSame) {
  const Draft draft = TwoNotifications();
  const auto again = ParseDraft(FormatDraft(draft), "d");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(FormatDraft(*again), FormatDraft(draft));
  EXPECT_EQ(again->head.sequence, Sequence(4));
  EXPECT_EQ(again->entries[1].body, draft.entries[1].body);
  EXPECT_EQ(again->entries[1].salt, draft.entries[1].salt);
}

TEST_F(EntryFilesTest, SignedEntriesFollowEachOther) {
  const Draft draft = TwoNotifications();
  const auto entries = SignDraft(draft, signer_);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  const Entry& first = (*entries)[0].entry;
  const Entry& second = (*entries)[1].entry;
  EXPECT_EQ(first.header().sequence, Sequence(5));
  EXPECT_EQ(first.header().previous, draft.head.leaf_hash);
  EXPECT_EQ(second.header().sequence, Sequence(6));
  EXPECT_EQ(second.header().previous, first.leaf_hash());
  EXPECT_TRUE(first.VerifySignature(signer_.public_key()));
  EXPECT_EQ(EntryName(second.header()), "AAA/6");
}

TEST_F(EntryFilesTest, SignedEntriesReadBackTheSame) {
  const auto entries = SignDraft(TwoNotifications(), signer_);
  ASSERT_TRUE(entries.ok());
  const auto again = ParseEntries(FormatEntries(*entries), "e");
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->size(), 2u);
  EXPECT_EQ((*again)[1].entry.leaf_hash(), (*entries)[1].entry.leaf_hash());
  EXPECT_EQ((*again)[1].source, "b.toml");
}

// What the signer reads in the file must be what the bytes say.
TEST_F(EntryFilesTest, ADraftWhoseWordsWereAlteredIsRefused) {
  std::string text = FormatDraft(TwoNotifications());
  text.replace(text.find("Sea of Tests"), 12, "Sea of Lies!");
  EXPECT_THAT(std::string(ParseDraft(text, "d").status().message()),
              HasSubstr("record does not say what body says"));
}

TEST_F(EntryFilesTest, AlteredBytesOfASignedEntryAreRefused) {
  const auto entries = SignDraft(TwoNotifications(), signer_);
  std::string text = FormatEntries(*entries);
  const auto salt = text.find("\"salt\": \"") + 9;
  text[salt] = text[salt] == '0' ? '1' : '0';
  EXPECT_FALSE(ParseEntries(text, "e").ok());
}

TEST_F(EntryFilesTest, WhatIsNoSuchFileIsRefused) {
  const std::string draft = FormatDraft(TwoNotifications());
  EXPECT_THAT(std::string(ParseEntries(draft, "e").status().message()),
              HasSubstr("not a file of format"));
  EXPECT_FALSE(ParseDraft("", "d").ok());
  EXPECT_FALSE(ParseDraft("[]", "d").ok());
  EXPECT_FALSE(ParseDraft("{\"format\": \"assent draft v1\", \"entries\": []}", "d").ok());
  EXPECT_FALSE(ParseDraft("{\"format\": \"assent draft v1\", \"entries\": [1]}", "d").ok());
  for (const char* key :
       {"ledger_id", "author", "sequence", "previous", "not_after", "salt", "body", "source"}) {
    std::string text = draft;
    text.replace(text.find(std::string("\"") + key + "\""), 2, "\"_");
    EXPECT_FALSE(ParseDraft(text, "d").ok()) << key;
  }
}

}  // namespace
}  // namespace assent::client
