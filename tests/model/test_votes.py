"""The vote rules hold in every state that spin can reach, and each of them is needed: without it a counter-example."""

import re

import pytest

from states import figures, search, states_of

# All orders of events among one hostile voter of four, in three views; with two blocks in each of two.
THREE_VIEWS = "-DVIEWS=3 -DBLOCKS_1=1 -DBLOCKS_2=1"
TWO_BLOCKS = "-DVIEWS=2"
# The first epoch may be closed in either of its two views.
TWO_EPOCHS = "-DVIEWS=2 -DBLOCKS_1=1 -DBLOCKS_2=1 -DEPOCHS"
# One node loses its journal; nobody is hostile. Two blocks in the last view, to be torn between.
LOST_JOURNAL = "-DVIEWS=3 -DBLOCKS_1=1 -DBLOCKS_2=1 -DBLOCKS_3=2 -DRESTORE"

# What each rule is for: without it, this property does not hold.
BROKEN = [
    ("QUORUM", TWO_BLOCKS, "AGREEMENT"),
    ("SEND_FIRST", TWO_BLOCKS, "VOTES"),
    ("FORGET", TWO_BLOCKS, "VOTES"),
    ("FORGET", TWO_BLOCKS, "AGREEMENT"),
    ("NOTARIZE_TWICE", TWO_BLOCKS, "CERTIFICATES"),
    ("SKIP_AFTER_FINALIZE", TWO_BLOCKS, "AGREEMENT"),
    ("FINALIZE_AFTER_SKIP", TWO_BLOCKS, "AGREEMENT"),
    ("FINALIZE_UNSEEN", TWO_BLOCKS, "AGREEMENT"),
    ("BETWEEN", TWO_BLOCKS, "AGREEMENT"),
    ("PARENT", TWO_BLOCKS, "AGREEMENT"),
    ("NORMAL_AFTER_CLOSING", TWO_EPOCHS, "AGREEMENT"),
    ("EPOCH_ON_NOTARIZED", TWO_EPOCHS, "AGREEMENT"),
    ("OLD_SET", TWO_EPOCHS, "VOTERS"),
    ("NO_RESTORING", LOST_JOURNAL, "VOTES"),
    ("FLOOR", LOST_JOURNAL, "VOTES"),
    ("ONE_ANSWER", LOST_JOURNAL, "VOTES"),
    ("ENTERED", LOST_JOURNAL, "VOTES"),
]


@pytest.mark.parametrize("options, at_least", [
    pytest.param(THREE_VIEWS, 300_000, id="three_views"),
    pytest.param(TWO_BLOCKS, 15_000, id="two_blocks_in_a_view"),
    pytest.param(TWO_EPOCHS, 400_000, id="two_epochs"),
    pytest.param(LOST_JOURNAL, 400_000, id="lost_journal"),
])
def test_no_state_breaks_a_property(tmp_path, capsys, options, at_least):
    said = search(tmp_path, options)
    assert re.search(r"errors: 0$", said, re.MULTILINE), said
    states = states_of(said)
    with capsys.disabled():
        print(f" {figures(said)}", end="", flush=True)
    # A rule that is never applied breaks nothing: so much is known to be there.
    assert states >= at_least


@pytest.mark.parametrize("goal, options", [
    ("LAST_VIEW_FINAL", THREE_VIEWS),
    ("SECOND_EPOCH_FINAL", TWO_EPOCHS),
    ("VOTES_AGAIN", LOST_JOURNAL),
])
def test_what_should_happen_can(tmp_path, goal, options):
    said = search(tmp_path, f"{options} -DGOAL={goal}")
    assert re.search(rf"assertion violated .*!\(.*\)", said) and "errors: 1" in said, said


@pytest.mark.parametrize("rule, options, named", BROKEN)
def test_a_broken_rule_breaks_a_property(tmp_path, rule, options, named):
    said = search(tmp_path, f"{options} -DBROKEN_{rule} -DPROPERTIES={named}")
    assert "assertion violated" in said and "errors: 1" in said, said
    assert list(tmp_path.glob("*.trail"))
