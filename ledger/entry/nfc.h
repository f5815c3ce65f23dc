// Whether text is in Unicode's normal form C, as far as that can be told without the whole of
// Unicode's data: two texts that look the same should be the same.
#ifndef ASSENT_LEDGER_ENTRY_NFC_H_
#define ASSENT_LEDGER_ENTRY_NFC_H_

namespace assent {

// True when no text in NFC has this character.
bool IsNeverInNfc(char32_t c);

// True when NFC writes `first` followed by `second` as one character: "e" and a combining acute
// accent.
bool Composes(char32_t first, char32_t second);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_NFC_H_
