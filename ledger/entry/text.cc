// Text that people will read and sign.
#include "absl/strings/str_cat.h"
#include "ledger/entry/nfc.h"
#include "ledger/entry/strict.h"
#include "ledger/types.h"
#include "ledger/utf8.h"

namespace assent {

absl::Status CheckText(std::string_view text, std::size_t bytes_min, std::size_t bytes_max,
                       bool multiline) {
  if (text.size() < bytes_min || text.size() > bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the text has ", text.size(), " bytes; it must have ", bytes_min, " to ", bytes_max));
  }
  std::string_view rest = text;
  char32_t before = 0;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    const auto c = TakeCodePoint(rest);
    if (!c) {
      return absl::InvalidArgumentError(absl::StrCat("byte ", at, " of the text is not UTF-8"));
    }
    if (*c == '\n' && multiline) {
      before = 0;
      continue;
    }
    if (IsControl(*c) || IsInvisible(*c)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "byte ", at, " of the text is a control or an invisible character (U+",
          absl::Hex(static_cast<std::uint32_t>(*c), absl::kZeroPad4), "); take it out"));
    }
    if (IsNeverInNfc(*c) || Composes(before, *c)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "byte ", at, " of the text is not in Unicode's normal form C; convert the text to NFC"));
    }
    before = *c;
  }
  return absl::OkStatus();
}

}  // namespace assent
