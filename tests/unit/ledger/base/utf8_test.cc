#include "ledger/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace assent {
namespace {

TEST(Utf8, TakesEveryLength) {
  std::string_view text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\x80";
  EXPECT_EQ(TakeCodePoint(text), U'a');
  EXPECT_EQ(TakeCodePoint(text), U'\u00E9');
  EXPECT_EQ(TakeCodePoint(text), U'\u20AC');
  EXPECT_EQ(TakeCodePoint(text), U'\U0001F680');
  EXPECT_EQ(TakeCodePoint(text), std::nullopt);
}

TEST(Utf8, TakesTheFirstAndLastOfEachLength) {
  for (const char* text :
       {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesIllFormedSequences) {
  for (const char* text : {
           "\x80",              // continuation alone
           "\xC3",              // cut short
           "\xE2\x82",          // cut short
           "\xF0\x9F\x9A",      // cut short
           "\xC3(",             // no continuation
           "\xC0\x80",          // overlong NUL
           "\xC1\xBF",          // overlong
           "\xE0\x9F\xBF",      // overlong
           "\xF0\x8F\xBF\xBF",  // overlong
           "\xED\xA0\x80",      // surrogate
           "\xED\xBF\xBF",      // surrogate
           "\xF4\x90\x80\x80",  // above U+10FFFF
           "\xF8\x88\x80\x80\x80",
           "\xFE",
           "\xFF",
       }) {
    EXPECT_FALSE(IsUtf8(text)) << testing::PrintToString(text);
    EXPECT_FALSE(IsUtf8(std::string("before ") + text + " after"));
  }
}

TEST(Characters, ThatCannotBeSeenAreKnown) {
  EXPECT_TRUE(IsControl(0x00) && IsControl(0x1F) && IsControl(0x7F) && IsControl(0x9F));
  EXPECT_FALSE(IsControl(0x20) || IsControl(0xA0));
  EXPECT_TRUE(IsSpace(0x20) && IsSpace(0xA0) && IsSpace(0x3000) && IsSpace(0x2028));
  EXPECT_FALSE(IsSpace('a') || IsSpace(0x200B));
  EXPECT_TRUE(IsInvisible(0x200B) && IsInvisible(0x202E) && IsInvisible(0xFEFF));
  EXPECT_TRUE(IsInvisible(0xFFFE) && IsInvisible(0x1FFFF) && IsInvisible(0x2066));
  EXPECT_TRUE(IsInvisible(0xFE0F) && IsInvisible(0xE0041) && IsInvisible(0x3164));
  EXPECT_FALSE(IsInvisible(0x200C) || IsInvisible(0x200D)) << "Persian and Hindi need them";
  EXPECT_TRUE(IsJoiner(0x200C) && IsJoiner(0x200D));
  EXPECT_TRUE(TakesJoiners(0x06CC) && TakesJoiners(0x094D) && TakesJoiners(0x17D2));
  EXPECT_FALSE(TakesJoiners('a') || TakesJoiners(0x200C) || TakesJoiners(0xAC00));
}

}  // namespace
}  // namespace assent
