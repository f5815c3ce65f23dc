#!/usr/bin/env python3
"""Writes nfc_table.inc from Python's Unicode data.

The table is part of what decides whether an entry is accepted: it is never made anew for another
version of Unicode. The script is kept to show where the table comes from.
"""

import sys
import unicodedata


def ranges(code_points):
    """Consecutive code points as (first, last)."""
    result = []
    for c in code_points:
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def classes(code_points):
    """Consecutive code points of one combining class as (first, last, class); class 0 is left out."""
    result = []
    for c in code_points:
        combining = unicodedata.combining(chr(c))
        if combining == 0:
            continue
        if result and result[-1][1] == c - 1 and result[-1][2] == combining:
            result[-1][1] = c
        else:
            result.append([c, c, combining])
    return result


def rows(items, per_line):
    """The items as lines of an initialiser."""
    texts = ["{" + ", ".join(f"0x{n:04X}" for n in item) + "}," for item in items]
    for i in range(0, len(texts), per_line):
        yield " ".join(texts[i : i + per_line])


def main():
    every = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    hangul = range(0xAC00, 0xD7A4)
    never = [c for c in every if unicodedata.normalize("NFC", chr(c)) != chr(c)]
    composites = []
    for c in every:
        parts = unicodedata.decomposition(chr(c)).split()
        if c in hangul or c in never or not parts or parts[0].startswith("<"):
            continue
        first, second = (int(part, 16) for part in parts)
        assert first not in never and second not in never
        assert unicodedata.combining(chr(first)) == 0
        composites.append((first, second, c))
    out = sys.stdout
    out.write(f"// Made by make_nfc_table.py from Unicode {unicodedata.unidata_version}. Do not change.\n")
    out.write("\n// Ranges of characters that NFC always writes as others.\n")
    out.write("constexpr Range kNeverInNfc[] = {\n")
    out.write("\n".join(rows(ranges(never), 4)) + "\n};\n")
    out.write("\n// Two characters that NFC writes as one, and that one, in the order of the two.\n")
    out.write("constexpr Composite kComposites[] = {\n")
    out.write("\n".join(rows(sorted(composites), 3)) + "\n};\n")
    out.write("\n// Ranges of combining characters, and their class; that of all others is 0.\n")
    out.write("constexpr Combining kCombining[] = {\n")
    out.write("\n".join(rows(classes(every), 3)) + "\n};\n")


if __name__ == "__main__":
    main()
