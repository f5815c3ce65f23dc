#include "client/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

TEST(SettingsTest, PathsAreRelativeToTheFile) {
  const TempFolder folder;
  const auto settings = ReadConfig(folder.Write(
      "config.toml",
      "node = \"node.example:7402\"\nact = \"act.txt\"\nreader = \"/keys/r\"\ncode = \"FRA\"\n"));
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->node, "node.example:7402");
  EXPECT_EQ(settings->act, folder.Path("act.txt"));
  EXPECT_EQ(settings->reader, "/keys/r");
  EXPECT_EQ(settings->code, "FRA");
}

TEST(SettingsTest, TheUriOfATokenIsNoPath) {
  const TempFolder folder;
  const std::string uri = "pkcs11:token=FRA;object=a?pin-source=/keys/pin";
  const auto settings = ReadConfig(folder.Write("c", "authority = \"" + uri + "\"\n"));
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->authority, uri);
}

TEST(SettingsTest, MistakesAreGivenWithTheirLine) {
  const TempFolder folder;
  EXPECT_THAT(
      std::string(ReadConfig(folder.Write("c", "node = \"x\"\nnoed = \"y\"\n")).status().message()),
      HasSubstr("c:2: unknown key noed; known are node, act"));
  EXPECT_THAT(std::string(ReadConfig(folder.Write("c", "node = 7402\n")).status().message()),
              HasSubstr("c:1: node must be a string"));
  EXPECT_FALSE(ReadConfig(folder.Path("none")).ok());
}

TEST(SettingsTest, TheCommandLineGoesFirst) {
  Settings flags;
  flags.node = "a";
  Settings file;
  file.node = "b";
  file.code = "FRA";
  flags.FillFrom(file);
  EXPECT_EQ(flags.node, "a");
  EXPECT_EQ(flags.code, "FRA");
}

}  // namespace
}  // namespace assent::client
