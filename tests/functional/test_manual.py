"""The manual pages that both programs write of themselves."""

import os
import shutil

import pytest

from cluster import ASSENT, ASSENT_NODE, run

GROFF = ["groff", "-man", "-Tutf8", "-P-c", "-ww"]
SOME_PAGES = {
    ASSENT: {"assent.1", "assent-ask.1", "assent-ask-evidence.1", "assent-consistency.1", "assent-file.1",
             "assent-revision-sign.1"},
    ASSENT_NODE: {"assent-node.1", "assent-node-run.1"},
}


@pytest.mark.parametrize("program", SOME_PAGES, ids=lambda program: program.name)
def test_pages_of_a_program_are_good(program, tmp_path):
    assert shutil.which("groff"), "it is missing: deploy/install-dependencies"
    done = run(program, "manual", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert SOME_PAGES[program] <= set(os.listdir(tmp_path))
    for page in sorted(tmp_path.iterdir()):
        assert ".SH NAME\n" in page.read_text(), page
        shown = run(*GROFF, page)
        assert (shown.returncode, shown.stderr) == (0, ""), page
