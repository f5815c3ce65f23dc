#include "client/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(FilesTest, ReadingIsBounded) {
  const TempFolder folder;
  const std::string path = folder.Write("f", std::string(100, 'x'));
  EXPECT_EQ(ReadFile(path, 100)->size(), 100u);
  EXPECT_EQ(ReadFile(path, 99).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadFile(folder.Path("none"), 1).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadFile(folder.Path(""), 1).ok());
}

TEST(FilesTest, ASecretThatOthersMayReadIsRefused) {
  const TempFolder folder;
  for (const int mode : {0640, 0604, 0620, 0666, 0610}) {
    const std::string path = folder.Write("secret", "s", fs::perms(mode));
    const auto status = ReadSecretFile(path, 10).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << mode;
    EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 600"));
  }
  EXPECT_EQ(ReadSecretFile(folder.Write("secret", "s", fs::perms(0600)), 10)->view(), "s");
  EXPECT_EQ(ReadSecretFile(folder.Write("secret", "s", fs::perms(0400)), 10)->view(), "s");
}

TEST(FilesTest, ASecretIsARegularFile) {
  const TempFolder folder;
  fs::create_directory(folder.Path("dir"));
  EXPECT_FALSE(ReadSecretFile(folder.Path("dir"), 10).ok());
  EXPECT_FALSE(ReadSecretFile("/dev/zero", 10).ok());
}

TEST(FilesTest, ANewFileNeverOverwrites) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder.Path("k"), "one", kSecretMode).ok());
  EXPECT_EQ(WriteNewFile(folder.Path("k"), "two", kSecretMode).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder.Read("k"), "one");
  EXPECT_EQ(fs::status(folder.Path("k")).permissions(), fs::perms(0600));
}

TEST(FilesTest, ReplacingLeavesNothingBehind) {
  const TempFolder folder;
  ASSERT_TRUE(ReplaceFile(folder.Path("f"), "one", kPublicMode).ok());
  ASSERT_TRUE(ReplaceFile(folder.Path("f"), "two", kPublicMode).ok());
  EXPECT_EQ(folder.Read("f"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.Path("")), fs::directory_iterator()), 1);
  EXPECT_FALSE(ReplaceFile(folder.Path("no/such/folder"), "x", kPublicMode).ok());
}

}  // namespace
}  // namespace assent::client
