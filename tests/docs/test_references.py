"""What the documents point to exists: links between them, headings, and files and folders named in backticks."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = {".git", "build", ".cache"}
TOP_FOLDERS = ("proto", "ledger", "transport", "manual", "node", "client", "deploy", "tests", "docs", "cmake")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED_PATH = re.compile(rf"`((?:{'|'.join(TOP_FOLDERS)})/[A-Za-z0-9_./-]*)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def documents():
    """Returns every Markdown file of the repository."""
    return sorted(
        path.relative_to(ROOT)
        for path in ROOT.rglob("*.md")
        if not SKIPPED_FOLDERS & set(path.relative_to(ROOT).parts)
    )


def anchors(text):
    """Returns the anchors that a renderer gives to the headings of a text."""
    headings = re.findall(r"^#+ +(.*?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dangling(document):
    """Returns what a document points to and is not there."""
    text = (ROOT / document).read_text(encoding="utf-8")
    folder = (ROOT / document).parent
    missing = []
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = folder / path if path else ROOT / document
        if not file.exists():
            missing.append(target)
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
            missing.append(target)
    missing += [path for path in NAMED_PATH.findall(text) if not (ROOT / path).exists()]
    return missing


@pytest.mark.parametrize("document", documents(), ids=str)
def test_references_exist(document):
    assert dangling(document) == []
