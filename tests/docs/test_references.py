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


SOURCES = {".h", ".cc", ".proto", ".py", ".pml", ".js", ".go"}
NAMED_HEADING = re.compile(r'(\w+\.md),? "([^"]{3,80})"')


def dangling_headings(text, headings):
    """Returns the headings that a source speaks of, as `page.md, "Heading"`, and that are not on the page."""
    text = re.sub(r"\n\s*(?://|#|\*)+\s*", " ", text)
    return [found[0] for found in NAMED_HEADING.finditer(text) if found[2] not in headings.get(found[1], ())]


def test_headings_named_in_sources_exist():
    headings = {}
    for document in documents():
        text = FENCE.sub("", (ROOT / document).read_text(encoding="utf-8"))
        headings.setdefault(document.name, set()).update(re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE))
    sources = [path for folder in TOP_FOLDERS for path in (ROOT / folder).rglob("*")
               if path.suffix in SOURCES and path != pathlib.Path(__file__).resolve()]
    assert len(sources) > 500
    missing = [(str(path.relative_to(ROOT)), name) for path in sources
               for name in dangling_headings(path.read_text(encoding="utf-8"), headings)]
    assert missing == []
    assert dangling_headings('// page.md, "There is\n//  none"', headings) == ['page.md, "There is none"']
