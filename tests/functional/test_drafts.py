"""A revision the whole way: a draft that is not public, comments, the chair's summary, a second draft that says what
became of them, consensus, presentation, and the instrument that proves it offline."""

from clocks import DAY_S, Clock
from protos import revision
from steps import appoint_chair

FIRST = "1. States announce their launches.\n"
SECOND = "1. States announce their launches three days before.\n"


def draft(cluster, code, index):
    shown = cluster.json(code, "revision", "show", index)
    return shown["drafts"][0]


def seen_by_anybody(cluster):
    client = cluster["JPN"].client(reader=None)
    return client.stub.ListRevisions(revision.ListRevisionsRequest()).revisions


def test_from_a_draft_to_an_instrument(new_cluster, tmp_path, say):
    clock = Clock(tmp_path / "clock")
    states = new_cluster(before=clock.give, heartbeat_s=2, skew_s=1, comment_period_s=DAY_S)
    say("the members decide that JPN chairs")
    appoint_chair(states, "JPN", clock)
    say("FRA drafts; nobody outside sees it")
    first = states.file("FRA", "revision", "draft", "--text", states.write("first.txt", FIRST), "--title", "Notice")
    assert draft(states, "USA", first)["status"] == "DRAFTED"
    anybody = states["JPN"].client(reader=None)
    assert not anybody.stub.ListDrafts(revision.ListDraftsRequest()).drafts

    say("JPN, whose term has begun, circulates it")
    states.file("JPN", "revision", "circulate", first)
    states.file("USA", "revision", "receipt", first)
    comment = states.file("USA", "revision", "comment", first, "--text", states.write("c.txt", "How long before?"))
    shown = draft(states, "IND", first)
    assert shown["status"] == "CIRCULATED"
    assert [entry["member"] for entry in shown["receipts"]["received"]] == ["USA"]
    assert [entry["index"] for entry in shown["comments"]] == [comment]

    say("JPN sums up, when the comment period is over")
    summarise = ("revision", "summarise", first, "--text", states.write("s.txt", "One comment asks for a period."))
    assert "refused: COMMENT_PERIOD_OPEN" in states.cli("JPN", *summarise, expect=1).stderr
    clock.go_on(DAY_S)
    states.file("JPN", *summarise)
    summary = draft(states, "FRA", first)["summary"]
    states.file("USA", "revision", "receipt", summary["by"]["index"])
    late = states.cli("IND", "revision", "comment", first, "--text", states.folder / "c.txt", expect=1)
    assert "COMMENT_PERIOD_OVER" in late.stderr

    say("FRA's next draft must say what became of the comment")
    second_text = states.write("second.txt", SECOND)
    next_draft = ("revision", "draft", "--text", second_text, "--title", "Three days", "--after", first)
    assert "COMMENT_UNANSWERED" in states.cli("FRA", *next_draft, expect=1).stderr
    answers = f'answers = [ {{ comments = [ {comment} ], outcome = "ADOPTED", reason = "Three days." }} ]\n'
    second = states.file("FRA", *next_draft, "--answers", states.write("answers.toml", answers))

    say("a round is opened from it; all but one sign, then the last one")
    round_id = states.file("FRA", "revision", "open", second)
    for code in ("FRA", "IND", "JPN"):
        states.file(code, "revision", "sign", round_id, "--text", second_text)
    shown = states.json("USA", "revision", "show", round_id)["revisions"][0]
    assert (shown["status"], shown["missing"]) == ("OPEN_FOR_SIGNATURE", ["USA"])
    assert states.cli("FRA", "revision", "instrument", round_id, expect=1)
    states.file("USA", "revision", "sign", round_id)

    say("it is final, and public only when JPN has presented it")
    assert [r.number for r in seen_by_anybody(states)] == [0]
    refused = states.cli("FRA", "revision", "present", round_id, expect=1)
    assert "NOT_CHAIR" in refused.stderr
    states.wait_for_agreement(at_least=states.file("JPN", "revision", "present", round_id) + 1)
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
