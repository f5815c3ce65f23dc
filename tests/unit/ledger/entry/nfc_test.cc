#include "ledger/entry/nfc.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace assent {
namespace {

struct Fact {
  const char32_t* text;
  const char32_t* nfc;
};

// A frozen excerpt of what Unicode 14 says, by another implementation (Python's unicodedata).
constexpr Fact kFacts[] = {
    {U"a\u0316\u0301", U"\u00e1\u0316"},
    {U"q\u0307\u0323", U"q\u0323\u0307"},
    {U"e\u0301", U"\u00e9"},
    {U"\u0103\u0323", U"\u1eb7"},
    {U"\u1ea1\u0306", U"\u1eb7"},
    {U"a\u0302\u0301", U"\u1ea5"},
    {U"a\u0301\u0302", U"\u00e1\u0302"},
    {U"\u00e1\u0316", U"\u00e1\u0316"},
    {U"a\u0323\u0302\u0307", U"\u1ead\u0307"},
    {U"D\u0307\u0323", U"\u1e0c\u0307"},
    {U"\u1e0a\u0323", U"\u1e0c\u0307"},
    {U"\u1e0c\u0307", U"\u1e0c\u0307"},
    {U"o\u0328\u0304", U"\u01ed"},
    {U"\u01eb\u0304", U"\u01ed"},
    {U"o\u0304\u0328", U"\u01ed"},
    {U"u\u0308\u0304", U"\u01d6"},
    {U"\u00fc\u030c", U"\u01da"},
    {U"x\u0301\u0327", U"x\u0327\u0301"},
    {U"c\u0301\u0327", U"\u1e09"},
    {U"\u0107\u0327", U"\u1e09"},
    {U"\u00e7\u0301", U"\u1e09"},
    {U"s\u0323\u0307", U"\u1e69"},
    {U"\u017f\u0323\u0307", U"\u1e9b\u0323"},
    {U"\u1e9b\u0323", U"\u1e9b\u0323"},
    {U"\u0391\u0345\u0301", U"\u0386\u0345"},
    {U"\u1fb3\u0301", U"\u1fb4"},
    {U"\u1fbc\u0301", U"\u0386\u0345"},
    {U"\u03c9\u0314\u0300\u0345", U"\u1fa3"},
    {U"\u1f61\u0345", U"\u1fa1"},
    {U"\u03b1\u0345\u0314", U"\u1f81"},
    {U"\u0438\u0306", U"\u0439"},
    {U"\u0438\u0323\u0306", U"\u0439\u0323"},
    {U"\u0416\u0306", U"\u04c1"},
    {U"\u0627\u0653", U"\u0622"},
    {U"\u0627\u0655\u0654", U"\u0625\u0654"},
    {U"\u0627\u0654\u0655", U"\u0625\u0654"},
    {U"\u06d5\u0654", U"\u06c0"},
    {U"\u0628\u0651\u064e", U"\u0628\u064e\u0651"},
    {U"\u0628\u064e\u0651", U"\u0628\u064e\u0651"},
    {U"\u05d0\u05b7", U"\u05d0\u05b7"},
    {U"\u05e9\u05bc\u05c1", U"\u05e9\u05bc\u05c1"},
    {U"\u05e9\u05c1\u05bc", U"\u05e9\u05bc\u05c1"},
    {U"\u0928\u093c", U"\u0929"},
    {U"\u0915\u093c", U"\u0915\u093c"},
    {U"\u0915\u094d\u093c", U"\u0915\u093c\u094d"},
    {U"\u09c7\u09be", U"\u09cb"},
    {U"\u09c7\u0981\u09be", U"\u09c7\u0981\u09be"},
    {U"\u0b47\u0b3e", U"\u0b4b"},
    {U"\u0bc6\u0bbe", U"\u0bca"},
    {U"\u0cc6\u0cc2\u0cd5", U"\u0ccb"},
    {U"\u0cca\u0cd5", U"\u0ccb"},
    {U"\u0d46\u0d3e", U"\u0d4a"},
    {U"\u0dd9\u0dcf\u0dca", U"\u0ddd"},
    {U"\u0ddc\u0dca", U"\u0ddd"},
    {U"\u1025\u102e", U"\u1026"},
    {U"\u1025\u1037\u102e", U"\u1025\u1037\u102e"},
    {U"\u0f71\u0f74", U"\u0f71\u0f74"},
    {U"\u0f74\u0f71", U"\u0f71\u0f74"},
    {U"\u0f71\u0f72\u0f80", U"\u0f71\u0f72\u0f80"},
    {U"\u304b\u3099", U"\u304c"},
    {U"\u304b\u0323\u3099", U"\u304c\u0323"},
    {U"\u30cf\u309a", U"\u30d1"},
    {U"\u1100\u1161", U"\uac00"},
    {U"\u1100\u1161\u11a8", U"\uac01"},
    {U"\uac00\u11a8", U"\uac01"},
    {U"\uac01\u11a8", U"\uac01\u11a8"},
    {U"\uac00\u11a7", U"\uac00\u11a7"},
    {U"\uac00\u0323\u11a8", U"\uac00\u0323\u11a8"},
    {U"\u1100\u0323\u1161", U"\u1100\u0323\u1161"},
    {U"\u1112\u1161\u11ab", U"\ud55c"},
    {U"\ud788\u11c2", U"\ud7a3"},
    {U"\u1113\u1161", U"\u1113\u1161"},
    {U"\U00011099\U000110ba", U"\U0001109a"},
    {U"\U00011131\U00011127", U"\U0001112e"},
    {U"\U000114b9\U000114ba", U"\U000114bb"},
    {U"\U000105d2", U"\U000105d2"},
    {U"\U0001d165\U0001d16d", U"\U0001d165\U0001d16d"},
    {U"\U0001d158\U0001d165", U"\U0001d158\U0001d165"},
    {U"\u212b", U"\u00c5"},
    {U"\u2126", U"\u03a9"},
    {U"\u0344", U"\u0308\u0301"},
    {U"\u0958", U"\u0915\u093c"},
    {U"\uf900", U"\u8c48"},
    {U"\U0002f800", U"\u4e3d"},
    {U"\ufb1d", U"\u05d9\u05b4"},
    {U"\u2adc", U"\u2add\u0338"},
    {U"\u0340", U"\u0300"},
    {U"\u0301e", U"\u0301e"},
    {U"e\n\u0301", U"e\n\u0301"},
    {U"\u0301\u0316", U"\u0316\u0301"},
    {U"\u0316\u0301", U"\u0316\u0301"},
};

TEST(Nfc, AgreesWithUnicode) {
  for (const auto& [text, nfc] : kFacts) {
    EXPECT_EQ(FirstNotInNfc(nfc), std::nullopt) << testing::PrintToString(std::u32string(nfc));
    EXPECT_EQ(FirstNotInNfc(text).has_value(), std::u32string(text) != nfc)
        << testing::PrintToString(std::u32string(text));
  }
}

// What comes before and after does not matter: each fact holds in the middle of a text too.
TEST(Nfc, AgreesWithUnicodeInTheMiddleOfAText) {
  for (const auto& [text, nfc] : kFacts) {
    const std::u32string before = U"\u00e9t\u00e9 \ud55c.";
    const auto differs = FirstNotInNfc(before + text + U".\u304c");
    EXPECT_EQ(differs.has_value(), FirstNotInNfc(std::u32string(U".") + text).has_value());
    if (differs) {
      EXPECT_GE(*differs + 1, before.size());
      EXPECT_LT(*differs, before.size() + std::u32string(text).size());
    }
  }
}

TEST(Nfc, SaysWhereATextDiffers) {
  EXPECT_EQ(FirstNotInNfc(U""), std::nullopt);
  EXPECT_EQ(FirstNotInNfc(U"plain"), std::nullopt);
  EXPECT_EQ(FirstNotInNfc(U"caf\u00e9 cafe\u0301"), 8u);
  EXPECT_EQ(FirstNotInNfc(U"xq\u0307\u0323"), 2u) << "the order of the marks";
  EXPECT_EQ(FirstNotInNfc(U"ab\u212b"), 2u);
}

// Each of the 11,172 syllables of Korean, whole and in parts.
TEST(Nfc, KnowsEverySyllableOfKorean) {
  for (char32_t syllable = 0xAC00; syllable < 0xAC00 + 11'172; ++syllable) {
    const char32_t index = syllable - 0xAC00;
    std::u32string parts{0x1100 + index / 588, 0x1161 + index % 588 / 28};
    if (index % 28 != 0) parts.push_back(0x11A7 + index % 28);
    ASSERT_EQ(FirstNotInNfc(std::u32string(1, syllable)), std::nullopt) << static_cast<std::uint32_t>(index);
    ASSERT_EQ(FirstNotInNfc(parts), 0u) << static_cast<std::uint32_t>(index);
  }
}

}  // namespace
}  // namespace assent
