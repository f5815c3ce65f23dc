#include "client/kept_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "assent/v1/ledger.pb.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

v1::Checkpoint Note(std::string_view text) {
  v1::Checkpoint checkpoint;
  checkpoint.set_note(std::string(text));
  checkpoint.set_height(7);
  return checkpoint;
}

TEST(KeptMessageTest, IsReadAsItWasWritten) {
  v1::Checkpoint read;
  ASSERT_TRUE(ParseKept("note", FormatKept("note", Note("text")), read).ok());
  EXPECT_EQ(read.SerializeAsString(), Note("text").SerializeAsString());
}

TEST(KeptMessageTest, WhatWasChangedIsRefused) {
  const std::string kept = FormatKept("note", Note("text"));
  v1::Checkpoint read;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::string changed = kept;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(ParseKept("note", changed, read).ok()) << i;
    EXPECT_FALSE(ParseKept("note", std::string_view(kept).substr(0, i), read).ok()) << i;
  }
  EXPECT_FALSE(ParseKept("other", kept, read).ok());
}

TEST(KeptMessageTest, AnotherVersionIsNamed) {
  std::string kept = FormatKept("note", Note("text"));
  kept.replace(kept.find('1'), 1, "2");
  v1::Checkpoint read;
  EXPECT_THAT(std::string(ParseKept("note", kept, read).message()),
              HasSubstr("the note was saved by another version"));
}

TEST(KeptMessageTest, OneIsReplacedByTheNext) {
  const TempFolder folder;
  v1::Checkpoint read;
  const absl::Status none = LoadKept(folder.Path(""), "note", 1'000, read);
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound) << none;
  for (const char* text : {"first", "second"}) {
    ASSERT_TRUE(SaveKept(folder.Path(""), "note", Note(text)).ok());
    ASSERT_TRUE(LoadKept(folder.Path(""), "note", 1'000, read).ok());
    EXPECT_EQ(read.note(), text);
  }
  EXPECT_FALSE(LoadKept(folder.Path(""), "note", 20, read).ok()) << "longer than it may be";
}

}  // namespace
}  // namespace assent::client
