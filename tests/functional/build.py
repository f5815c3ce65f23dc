"""The build that is tested, and how slow it is."""

import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ASSENT_BUILD", ROOT / "build/release"))
SLOWNESS_SANITIZED = 5


def slowness():
    """How much longer than of the release build everything may take."""
    cache = BUILD / "CMakeCache.txt"
    sanitized = cache.exists() and re.search(r"^ASSENT_SANITIZE:\w+=\w", cache.read_text(), re.MULTILINE)
    return SLOWNESS_SANITIZED if sanitized else 1


SLOWNESS = slowness()
