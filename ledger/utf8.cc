#include "ledger/utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace assent {
namespace {

// What the first byte of a sequence of several says: how many bytes follow, its own bits, and the
// least value that needs that many.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t least;
};

std::optional<Lead> ReadLead(std::uint8_t byte) {
  if ((byte & 0xE0) == 0xC0) return Lead{1, byte & 0x1Fu, 0x80};
  if ((byte & 0xF0) == 0xE0) return Lead{2, byte & 0x0Fu, 0x800};
  if ((byte & 0xF8) == 0xF0) return Lead{3, byte & 0x07u, 0x10000};
  return std::nullopt;
}

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's Default_Ignorable_Code_Point, separators of lines and paragraphs, noncharacters but the
// last two of each plane, and marks of annotations.
constexpr Range kInvisible[] = {
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian variation selectors and vowel separator
    {0x200B, 0x200F},    // zero width space, joiners, marks of direction
    {0x2028, 0x202E},    // separators, overrides of direction
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates
    {0x3164, 0x3164},    // Hangul filler
    {0xFDD0, 0xFDEF},    // noncharacters
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
    {0xFFF0, 0xFFFB},    // reserved, marks of annotations
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE0FFF},  // tags, variation selectors, reserved
};

}  // namespace

std::optional<char32_t> TakeCodePoint(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  const auto lead = ReadLead(first);
  if (!lead || text.size() <= lead->following) return std::nullopt;
  char32_t value = lead->bits;
  for (std::size_t i = 1; i <= lead->following; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    value = (value << 6) | (byte & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead->least || value > 0x10FFFF || surrogate) return std::nullopt;
  text.remove_prefix(lead->following + 1);
  return value;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (!TakeCodePoint(text)) return false;
  }
  return true;
}

bool IsControl(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool IsInvisible(char32_t c) {
  if (c < std::begin(kInvisible)->first || IsJoiner(c)) return false;
  if ((c & 0xFFFE) == 0xFFFE) return true;
  return std::any_of(std::begin(kInvisible), std::end(kInvisible),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool IsJoiner(char32_t c) { return c == 0x200C || c == 0x200D; }

bool TakesJoiners(char32_t c) {
  return (c >= 0x0600 && c <= 0x109F) || (c >= 0x1780 && c <= 0x18AF);
}

}  // namespace assent
