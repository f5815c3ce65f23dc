#include "ledger/entry/nfc.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace assent {
namespace {

using Range = std::pair<char32_t, char32_t>;  // first and last
using Pair = std::pair<char32_t, char32_t>;

#include "ledger/entry/nfc_table.inc"

// Below this, characters neither compose with the one before nor are ever written as others.
constexpr char32_t kFirstOfInterest = 0x0300;

// Korean syllables are composed by arithmetic (Unicode standard, section 3.12): a leading consonant
// and a vowel, or such a syllable and a trailing consonant.
bool ComposesHangul(char32_t first, char32_t second) {
  const bool leading = first >= 0x1100 && first <= 0x1112;
  const bool vowel = second >= 0x1161 && second <= 0x1175;
  const bool open_syllable = first >= 0xAC00 && first <= 0xD7A3 && (first - 0xAC00) % 28 == 0;
  const bool trailing = second >= 0x11A8 && second <= 0x11C2;
  return (leading && vowel) || (open_syllable && trailing);
}

}  // namespace

bool IsNeverInNfc(char32_t c) {
  if (c < kFirstOfInterest) return false;
  const auto after = std::upper_bound(std::begin(kNeverInNfc), std::end(kNeverInNfc), c,
                                      [](char32_t wanted, Range r) { return wanted < r.first; });
  return after != std::begin(kNeverInNfc) && c <= std::prev(after)->second;
}

bool Composes(char32_t first, char32_t second) {
  if (second < kFirstOfInterest) return false;
  return ComposesHangul(first, second) ||
         std::binary_search(std::begin(kComposes), std::end(kComposes), Pair(first, second));
}

}  // namespace assent
