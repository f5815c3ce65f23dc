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


def rows(items, per_line):
    """The items as lines of an initialiser."""
    for i in range(0, len(items), per_line):
        yield " ".join(f"{{0x{a:04X}, 0x{b:04X}}}," for a, b in items[i : i + per_line])


def main():
    every = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    hangul = range(0xAC00, 0xD7A4)
    never = [c for c in every if unicodedata.normalize("NFC", chr(c)) != chr(c)]
    pairs = []
    for c in every:
        parts = unicodedata.normalize("NFD", chr(c))
        shorter = unicodedata.decomposition(chr(c)).split()
        if c in hangul or c in never or len(shorter) != 2 or shorter[0].startswith("<"):
            continue
        assert len(parts) >= 2
        pairs.append((int(shorter[0], 16), int(shorter[1], 16)))
    out = sys.stdout
    out.write(f"// Made by make_nfc_table.py from Unicode {unicodedata.unidata_version}. Do not change.\n")
    out.write("\n// Ranges of characters that NFC always writes as others.\n")
    out.write("constexpr Range kNeverInNfc[] = {\n")
    out.write("\n".join(rows(ranges(never), 4)) + "\n};\n")
    out.write("\n// Two characters that NFC writes as one, in order.\n")
    out.write("constexpr Pair kComposes[] = {\n")
    out.write("\n".join(rows(sorted(pairs), 5)) + "\n};\n")


if __name__ == "__main__":
    main()
