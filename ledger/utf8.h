// UTF-8 (RFC 3629), for text that is signed: what is refused here must be refused on every node
// alike, so nothing is left to a library's version.
#ifndef ASSENT_LEDGER_UTF8_H_
#define ASSENT_LEDGER_UTF8_H_

#include <optional>
#include <string_view>

namespace assent {

// Takes one code point off the front of `text`. Nothing, with `text` unchanged, when it is empty or
// does not begin with a well-formed sequence (overlong forms, surrogates and values above U+10FFFF
// are not).
std::optional<char32_t> TakeCodePoint(std::string_view& text);

bool IsUtf8(std::string_view text);

// U+0000 to U+001F, U+007F to U+009F.
bool IsControl(char32_t code_point);

// White space of any kind (Unicode White_Space), line ends among them.
bool IsSpace(char32_t code_point);

// Not seen in print: zero-width characters, fillers, variation selectors, tags, marks and overrides
// of direction, byte order mark, line and paragraph separators, noncharacters. They can make two
// different texts look the same. Joiners are not among them.
bool IsInvisible(char32_t code_point);

// U+200C and U+200D: not seen, but they shape the letters on both sides.
bool IsJoiner(char32_t code_point);
// Of the scripts whose spelling needs joiners between letters: those from Arabic to Myanmar (Persian
// and the languages of India are written so), Khmer, Mongolian.
bool TakesJoiners(char32_t code_point);

}  // namespace assent

#endif  // ASSENT_LEDGER_UTF8_H_
