#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "ledger/entry/strict.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

std::string Utf8(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  }
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

std::string Refusal(const std::string& text, bool multiline = false) {
  return std::string(CheckText(text, 1, 64, multiline).message());
}

TEST(CheckText, TakesWhatPeopleWrite) {
  for (const char* text : {"a", "Déclaration annuelle", "Код поведения", "行動規範", "مدونة سلوك",
                           "می\u200cخواهم", "हिंदी", "10 µm — 20 °C", "🚀"}) {
    EXPECT_TRUE(CheckText(text, 1, 256, false).ok()) << text << CheckText(text, 1, 256, false);
  }
}

TEST(CheckText, HasBounds) {
  EXPECT_THAT(Refusal(""), HasSubstr("0 bytes; it must have 1 to 64"));
  EXPECT_TRUE(CheckText("", 0, 64, false).ok());
  EXPECT_TRUE(CheckText(std::string(64, 'a'), 1, 64, false).ok());
  EXPECT_THAT(Refusal(std::string(65, 'a')), HasSubstr("65 bytes"));
}

TEST(CheckText, TakesLineFeedsOnlyWhereLinesAreAllowed) {
  EXPECT_TRUE(CheckText("a\nb\n", 1, 64, true).ok());
  EXPECT_THAT(Refusal("a\nb"), HasSubstr("byte 1"));
  EXPECT_THAT(Refusal("a\r\nb", true), HasSubstr("U+000d"));
  EXPECT_THAT(Refusal("a\tb", true), HasSubstr("U+0009"));
}

TEST(CheckText, RefusesWhatCannotBeSeen) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\x7F"), std::string("\u0085"), std::string("\u200b"),
        std::string("a\u202eb"), std::string("\ufeffa"), std::string("a\u2028b"),
        std::string("\u2066a\u2069")}) {
    EXPECT_THAT(Refusal(text, true), HasSubstr("control or an invisible character"))
        << testing::PrintToString(text);
  }
}

TEST(CheckText, RefusesEveryInvisibleCharacter) {
  const std::pair<char32_t, char32_t> ranges[] = {
      {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},   {0x115F, 0x1160},
      {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
      {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
      {0xFFA0, 0xFFA0}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F}, {0xE0100, 0xE01EF}};
  for (const auto& [first, last] : ranges) {
    for (char32_t c = first; c <= last; ++c) {
      EXPECT_THAT(Refusal("a" + Utf8(c) + "b"), HasSubstr("byte 1 of the text is a control or an"))
          << std::hex << static_cast<std::uint32_t>(c);
    }
  }
}

TEST(CheckText, TakesJoinersOnlyBetweenLettersThatNeedThem) {
  EXPECT_EQ(Refusal("\u0645\u06cc\u200c\u062e\u0648"), "") << "Persian";
  EXPECT_EQ(Refusal("\u0915\u094d\u200d\u0937"), "") << "Hindi";
  EXPECT_EQ(Refusal("\u0dc1\u0dca\u200d\u0dbb\u0dd3"), "") << "Sinhala";
  for (const char* text : {"a\u200cb", "a\u200db", "\u200c\u0645", "\u0645\u200c", "\u0645\u200c b",
                           "\u0645\u200c\u200c\u0645", "\u0645\u200d\u200c\u0645", "\u0645\u200db",
                           "\U0001F469\u200d\U0001F680"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("invisible character (U+200")) << text;
  }
}

TEST(CheckText, RefusesASecondSpellingOfTheSameLetters) {
  const std::pair<const char*, const char*> spellings[] = {
      {"\u00e9", "e\u0301"},       // Latin
      {"\u1eb7", "\u1ea1\u0306"},  // Vietnamese, one mark of two
      {"\u0439", "\u0438\u0306"},  // Cyrillic
      {"\u0623", "\u0627\u0654"},  // Arabic
      {"\u304c", "\u304b\u3099"},  // Japanese
      {"\ud55c", "\u1112\u1161\u11ab"},
      {"\ud55c", "\ud558\u11ab"},          // Korean
      {"\u00c5", "\u212b"},                // angstrom sign
      {"\u03a9", "\u2126"},                // ohm sign
      {"\u8c48", "\uf900"},                // CJK compatibility
      {"\u0915\u093c", "\u0958"},          // Hindi: NFC has two characters here
      {"\u00e1\u0316", "a\u0316\u0301"},   // a mark between the two
      {"q\u0323\u0307", "q\u0307\u0323"},  // marks in another order
      {"\u1eb7", "\u0103\u0323"},          // one of two marks put to the letter first
  };
  for (const auto& [normal, other] : spellings) {
    EXPECT_EQ(Refusal(normal), "") << normal;
    EXPECT_THAT(Refusal(other), HasSubstr("not in Unicode's normal form C")) << other;
  }
  EXPECT_EQ(Refusal("x\u0301"), "") << "there is no single character for this";
  EXPECT_EQ(Refusal("e\n\u0301", true), "") << "a mark at the start of a line has no letter";
}

TEST(CheckText, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(Refusal("caf\xE9"), HasSubstr("byte 3 of the text is not UTF-8"));
}

}  // namespace
}  // namespace assent
