// Unicode's normal form C (UAX #15), by the frozen tables of nfc_table.inc: two texts that say the
// same should be the same bytes. A library's tables would move with its version of Unicode.
#ifndef ASSENT_LEDGER_ENTRY_NFC_H_
#define ASSENT_LEDGER_ENTRY_NFC_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace assent {

// Where `text`, code points, first differs from its normal form C; nothing when it is in that form.
std::optional<std::size_t> FirstNotInNfc(std::u32string_view text);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_NFC_H_
