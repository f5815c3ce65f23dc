#include "client/secret_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assent::client {
namespace {

void Append(SecretText& text, std::string_view more) {
  std::copy(more.begin(), more.end(), text.room().begin());
  text.Grow(more.size());
}

TEST(SecretTextTest, GrowsUpToItsBoundWithoutMoving) {
  SecretText text(6);
  EXPECT_EQ(text.view(), "");
  Append(text, "abc");
  const char* before = text.view().data();
  Append(text, "def");
  EXPECT_EQ(text.view(), "abcdef");
  EXPECT_EQ(text.view().data(), before);
  EXPECT_TRUE(text.room().empty());
  text.Shrink(2);
  EXPECT_EQ(text.view(), "ab");
  EXPECT_EQ(text.room().size(), 4u);
}

TEST(SecretTextTest, MovesWithoutACopy) {
  SecretText text(6);
  Append(text, "abc");
  const char* before = text.view().data();
  SecretText other(std::move(text));
  EXPECT_EQ(other.view().data(), before);
  SecretText third(1);
  third = std::move(other);
  EXPECT_EQ(third.view(), "abc");
  EXPECT_EQ(third.view().data(), before);
}

}  // namespace
}  // namespace assent::client
