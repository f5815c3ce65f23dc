"""docs/mutations.md has a row for each mistake in tests/mutations/, with the run in which it must be found."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rows():
    """Name to simulation, seeds, and the seed that found it."""
    table = re.findall(r"^\| `(\w+)` \|(.*)\|$", (ROOT / "docs/mutations.md").read_text(encoding="utf-8"), re.MULTILINE)
    cells = {name: [cell.strip() for cell in rest.split("|")] for name, rest in table}
    return {name: (simulation, int(seeds), int(seed)) for name, (_, simulation, seeds, seed, _) in cells.items()}


def test_each_mistake_has_its_row():
    table = rows()
    patches = {path.stem: path.read_text(encoding="utf-8").splitlines()[1]
               for path in (ROOT / "tests/mutations").glob("*.patch")}
    assert table and table.keys() == patches.keys()
    for name, options in patches.items():
        simulation, seeds, seed = table[name]
        assert f"--seeds {seeds}" in options and 1 <= seed <= seeds, name
        assert simulation.startswith("replicas") == ("--replica" in options), name
