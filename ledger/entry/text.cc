// Text that people will read and sign.
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/entry/nfc.h"
#include "ledger/entry/strict.h"
#include "ledger/types.h"
#include "ledger/utf8.h"

namespace assent {
namespace {

// The characters of `text`; nothing, with `text` cut down to what cannot be read, when it is not
// UTF-8.
std::optional<std::u32string> TakeCharacters(std::string_view& text) {
  std::u32string characters;
  while (!text.empty()) {
    const auto c = TakeCodePoint(text);
    if (!c) return std::nullopt;
    characters.push_back(*c);
  }
  return characters;
}

// Where character `index` of `text`, which is UTF-8, begins.
std::size_t ByteOf(std::string_view text, std::size_t index) {
  std::string_view rest = text;
  for (std::size_t i = 0; i < index; ++i) TakeCodePoint(rest);
  return text.size() - rest.size();
}

bool IsHidden(std::u32string_view text, std::size_t index, bool multiline) {
  const char32_t c = text[index];
  if (IsJoiner(c)) {
    const bool between = index > 0 && index + 1 < text.size() && TakesJoiners(text[index - 1]) &&
                         TakesJoiners(text[index + 1]);
    return !between;
  }
  if (c == '\n' && multiline) return false;
  return IsControl(c) || IsInvisible(c);
}

}  // namespace

absl::Status CheckText(std::string_view text, std::size_t bytes_min, std::size_t bytes_max,
                       bool multiline) {
  if (text.size() < bytes_min || text.size() > bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the text has ", text.size(), " bytes; it must have ", bytes_min, " to ", bytes_max));
  }
  std::string_view rest = text;
  const auto characters = TakeCharacters(rest);
  if (!characters) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", text.size() - rest.size(), " of the text is not UTF-8"));
  }
  for (std::size_t i = 0; i < characters->size(); ++i) {
    if (!IsHidden(*characters, i, multiline)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "byte ", ByteOf(text, i), " of the text is a control or an invisible character (U+",
        absl::Hex(static_cast<std::uint32_t>((*characters)[i]), absl::kZeroPad4),
        "); take it out"));
  }
  if (const auto differs = FirstNotInNfc(*characters)) {
    return absl::InvalidArgumentError(
        absl::StrCat("from byte ", ByteOf(text, *differs),
                     " on, the text is not in Unicode's normal form C; convert it to NFC"));
  }
  return absl::OkStatus();
}

}  // namespace assent
