"""A revision the whole way: a draft that is not public, comments, the chair's summary, a second draft that says what
became of them, consensus, presentation, and the instrument that proves it offline."""

import datetime

import pytest

from cluster import Cluster, wait_until
from protos import revision

COMMENTS_S = 8
FIRST = "1. States announce their launches.\n"
SECOND = "1. States announce their launches three days before.\n"


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("drafts") / "ledger", heartbeat_s=2, skew_s=1, comment_period_s=COMMENTS_S)
    yield cluster.start()
    cluster.close()


def write(cluster, name, text):
    path = cluster.folder / name
    path.write_text(text)
    return path


def file(cluster, code, *arguments):
    """Runs a command that files one entry; returns its index."""
    return cluster.json(code, *arguments)["entries"][0]["index"]


def draft(cluster, code, index):
    shown = cluster.json(code, "revision", "show", index)
    return shown["drafts"][0]


def appoint_chair(cluster, code):
    now = datetime.datetime.now(datetime.timezone.utc)
    text = "\n".join(['type = "ChairTerm"', 'visibility = "PUBLIC"', f'chair = "{code}"',
                      f"from = {(now + datetime.timedelta(seconds=20)):%Y-%m-%dT%H:%M:%SZ}",
                      f"until = {(now + datetime.timedelta(days=30)):%Y-%m-%dT%H:%M:%SZ}", ""])
    question = file(cluster, code, "file", write(cluster, "term.toml", text))
    endorsement = f'type = "Endorsement"\nvisibility = "PUBLIC"\nquestion = {question}\n'
    path = write(cluster, "endorse.toml", endorsement)
    others = [node.code for node in cluster if node.code != code]
    for other in others[:2]:  # three of four are a quorum
        file(cluster, other, "file", path)


def seen_by_anybody(cluster):
    client = cluster["JPN"].client(reader=None)
    return client.stub.ListRevisions(revision.ListRevisionsRequest()).revisions


def test_from_a_draft_to_an_instrument(states, say):
    say("the members decide that JPN chairs")
    appoint_chair(states, "JPN")
    say("FRA drafts; nobody outside sees it")
    first = file(states, "FRA", "revision", "draft", "--text", write(states, "first.txt", FIRST), "--title", "Notice")
    assert draft(states, "USA", first)["status"] == "DRAFTED"
    anybody = states["JPN"].client(reader=None)
    assert not anybody.stub.ListDrafts(revision.ListDraftsRequest()).drafts

    say("JPN circulates it, when its term has begun")
    def circulated():
        done = states.cli("JPN", "revision", "circulate", first, "--json", expect=None)
        assert done.returncode == 0 or "NOT_CHAIR" in done.stderr, done.stderr
        return done.returncode == 0
    wait_until("JPN chairs", circulated)
    file(states, "USA", "revision", "receipt", first)
    comment = file(states, "USA", "revision", "comment", first, "--text", write(states, "c.txt", "How long before?"))
    shown = draft(states, "IND", first)
    assert shown["status"] == "CIRCULATED"
    assert [entry["member"] for entry in shown["receipts"]["received"]] == ["USA"]
    assert [entry["index"] for entry in shown["comments"]] == [comment]

    say("JPN sums up, when the comment period is over")
    summary_text = write(states, "summary.txt", "One comment asks for a period.")
    def summed_up():
        done = states.cli("JPN", "revision", "summarise", first, "--text", summary_text, "--json", expect=None)
        assert done.returncode == 0 or "COMMENT_PERIOD_OPEN" in done.stderr, done.stderr
        return done.returncode == 0
    wait_until("the comment period is over", summed_up)
    summary = draft(states, "FRA", first)["summary"]
    file(states, "USA", "revision", "receipt", summary["by"]["index"])
    late = states.cli("IND", "revision", "comment", first, "--text", states.folder / "c.txt", expect=1)
    assert "COMMENT_PERIOD_OVER" in late.stderr

    say("FRA's next draft must say what became of the comment")
    second_text = write(states, "second.txt", SECOND)
    next_draft = ("revision", "draft", "--text", second_text, "--title", "Three days", "--after", first)
    assert "COMMENT_UNANSWERED" in states.cli("FRA", *next_draft, expect=1).stderr
    answers = f'answers = [ {{ comments = [ {comment} ], outcome = "ADOPTED", reason = "Three days." }} ]\n'
    second = file(states, "FRA", *next_draft, "--answers", write(states, "answers.toml", answers))

    say("a round is opened from it; all but one sign, then the last one")
    round_id = file(states, "FRA", "revision", "open", second)
    for code in ("FRA", "IND", "JPN"):
        file(states, code, "revision", "sign", round_id, "--text", second_text)
    shown = states.json("USA", "revision", "show", round_id)["revisions"][0]
    assert (shown["status"], shown["missing"]) == ("OPEN_FOR_SIGNATURE", ["USA"])
    assert states.cli("FRA", "revision", "instrument", round_id, expect=1)
    file(states, "USA", "revision", "sign", round_id)

    say("it is final, and public only when JPN has presented it")
    assert [r.number for r in seen_by_anybody(states)] == [0]
    refused = states.cli("FRA", "revision", "present", round_id, expect=1)
    assert "NOT_CHAIR" in refused.stderr
    states.wait_for_agreement(at_least=file(states, "JPN", "revision", "present", round_id) + 1)
    public = seen_by_anybody(states)
    assert [(r.number, r.text) for r in public][0] == (1, SECOND)

    say("the instrument proves it offline")
    instrument = states.folder / "revision-1.instrument"
    states.json("IND", "revision", "instrument", round_id, "-o", instrument)
    proof = states.json("USA", "verify", instrument, "--act", states.act)
    assert (proof["revision"], proof["text"]) == (1, SECOND)
    assert sorted(s["member"] for s in proof["signatures"]) == ["FRA", "IND", "JPN", "USA"]

    say("and not when it is altered")
    good = instrument.read_bytes()
    for at in range(0, len(good), 101):
        bad = write_bytes(states, good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
        assert "proves nothing" in states.cli("USA", "verify", bad, "--act", states.act, expect=1).stderr


def write_bytes(cluster, content):
    path = cluster.folder / "altered.instrument"
    path.write_bytes(content)
    return path
