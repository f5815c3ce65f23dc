// Takes a text apart, orders its marks and puts it together again (UAX #15, sections 1.3 and 3.11
// of the standard): what comes out must be what went in.
#include "ledger/entry/nfc.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace assent {
namespace {

using Range = std::pair<char32_t, char32_t>;  // first and last

struct Composite {
  char32_t first;
  char32_t second;
  char32_t whole;
};

struct Combining {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

#include "ledger/entry/nfc_table.inc"

// Below this, characters are as they are in NFC, whatever follows that is below it too.
constexpr char32_t kFirstOfInterest = 0x0300;

// Korean syllables are put together by arithmetic (Unicode standard, section 3.12): a leading
// consonant, a vowel and perhaps a trailing consonant.
constexpr char32_t kSyllable = 0xAC00;
constexpr char32_t kLeading = 0x1100;
constexpr char32_t kVowel = 0x1161;
constexpr char32_t kTrailing = 0x11A7;  // that of a syllable without one
constexpr char32_t kLeadings = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrailings = 28;
constexpr char32_t kSyllables = kLeadings * kVowels * kTrailings;

constexpr bool IsOneOf(char32_t c, char32_t first, char32_t count) {
  return c >= first && c - first < count;
}

// The range of a table that holds `c`, or null.
template <class Row, std::size_t size>
const Row* FindRange(const Row (&table)[size], char32_t c, char32_t Row::*first,
                     char32_t Row::*last) {
  const auto after =
      std::upper_bound(std::begin(table), std::end(table), c,
                       [&](char32_t wanted, const Row& row) { return wanted < row.*first; });
  if (after == std::begin(table) || c > std::prev(after)->*last) return nullptr;
  return std::prev(after);
}

bool IsNeverInNfc(char32_t c) {
  return FindRange(kNeverInNfc, c, &Range::first, &Range::second) != nullptr;
}

std::uint8_t CombiningClass(char32_t c) {
  if (c < kFirstOfInterest) return 0;
  const Combining* row = FindRange(kCombining, c, &Combining::first, &Combining::last);
  return row == nullptr ? 0 : row->combining_class;
}

// The character that the two are written as; 0 when there is none.
char32_t Compose(char32_t first, char32_t second) {
  if (second < kFirstOfInterest) return 0;
  if (IsOneOf(first, kLeading, kLeadings) && IsOneOf(second, kVowel, kVowels)) {
    return kSyllable + ((first - kLeading) * kVowels + (second - kVowel)) * kTrailings;
  }
  if (IsOneOf(first, kSyllable, kSyllables) && (first - kSyllable) % kTrailings == 0 &&
      IsOneOf(second, kTrailing + 1, kTrailings - 1)) {
    return first + (second - kTrailing);
  }
  const auto found = std::lower_bound(
      std::begin(kComposites), std::end(kComposites), std::pair(first, second),
      [](const Composite& row, auto two) { return std::pair(row.first, row.second) < two; });
  if (found == std::end(kComposites) || found->first != first || found->second != second) return 0;
  return found->whole;
}

// The two that `c` is put together from, or null.
const Composite* PartsOf(char32_t c) {
  static const auto by_whole = [] {
    std::array<Composite, std::size(kComposites)> rows;
    std::copy(std::begin(kComposites), std::end(kComposites), rows.begin());
    std::sort(rows.begin(), rows.end(),
              [](const Composite& a, const Composite& b) { return a.whole < b.whole; });
    return rows;
  }();
  const auto found =
      std::lower_bound(by_whole.begin(), by_whole.end(), c,
                       [](const Composite& row, char32_t wanted) { return row.whole < wanted; });
  return found != by_whole.end() && found->whole == c ? &*found : nullptr;
}

void AppendApart(char32_t c, std::u32string& out) {
  if (IsOneOf(c, kSyllable, kSyllables)) {
    const char32_t syllable = c - kSyllable;
    out.push_back(kLeading + syllable / (kVowels * kTrailings));
    out.push_back(kVowel + syllable / kTrailings % kVowels);
    if (syllable % kTrailings != 0) out.push_back(kTrailing + syllable % kTrailings);
  } else if (const Composite* parts = PartsOf(c); parts != nullptr) {
    AppendApart(parts->first, out);
    AppendApart(parts->second, out);
  } else {
    out.push_back(c);
  }
}

// Marks that follow each other stand in the order of their classes.
void OrderMarks(std::u32string& text) {
  const auto is_mark = [](char32_t c) { return CombiningClass(c) != 0; };
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), is_mark);
    at = std::find_if_not(begin, text.end(), is_mark);
    std::stable_sort(begin, at,
                     [](char32_t a, char32_t b) { return CombiningClass(a) < CombiningClass(b); });
  }
}

// Puts each character and the last one before it that is no mark together, unless something between
// them keeps them apart.
std::u32string PutTogether(std::u32string_view text) {
  std::u32string out;
  std::optional<std::size_t> starter;  // its place in `out`
  std::uint8_t before = 0;             // class of the last character of `out`
  for (const char32_t c : text) {
    const std::uint8_t combining_class = CombiningClass(c);
    const bool adjacent = starter && *starter + 1 == out.size();
    if (starter && (adjacent || before < combining_class)) {
      if (const char32_t whole = Compose(out[*starter], c); whole != 0) {
        out[*starter] = whole;
        continue;
      }
    }
    if (combining_class == 0) starter = out.size();
    before = combining_class;
    out.push_back(c);
  }
  return out;
}

}  // namespace

std::optional<std::size_t> FirstNotInNfc(std::u32string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char32_t c) { return c < kFirstOfInterest; })) {
    return std::nullopt;
  }
  const auto never = std::find_if(text.begin(), text.end(), IsNeverInNfc);
  if (never != text.end()) return never - text.begin();
  std::u32string apart;
  for (const char32_t c : text) AppendApart(c, apart);
  OrderMarks(apart);
  const std::u32string normal = PutTogether(apart);
  const auto [differs, other] =
      std::mismatch(text.begin(), text.end(), normal.begin(), normal.end());
  if (differs == text.end() && other == normal.end()) return std::nullopt;
  return differs - text.begin();
}

}  // namespace assent
