#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ledger/entry/strict.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

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

TEST(CheckText, RefusesASecondSpellingOfTheSameLetters) {
  const std::pair<const char*, const char*> spellings[] = {
      {"\u00e9", "e\u0301"},       // Latin
      {"\u1eb7", "\u1ea1\u0306"},  // Vietnamese, one mark of two
      {"\u0439", "\u0438\u0306"},  // Cyrillic
      {"\u0623", "\u0627\u0654"},  // Arabic
      {"\u304c", "\u304b\u3099"},  // Japanese
      {"\ud55c", "\u1112\u1161\u11ab"},
      {"\ud55c", "\ud558\u11ab"},  // Korean
      {"\u00c5", "\u212b"},        // angstrom sign
      {"\u03a9", "\u2126"},        // ohm sign
      {"\u8c48", "\uf900"},        // CJK compatibility
      {"\u0915\u093c", "\u0958"},  // Hindi: NFC has two characters here
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
