"""A node starts on a ledger of twenty years that was made in one go, and answers as on one that has grown."""

import json
import signal
import socket
import subprocess

import pytest

from cluster import ASSENT, ASSENT_NODE, BUILD, PATIENCE_S, free_ports, run, wait_until

ASSENT_SCALE = BUILD / "tests/bench/assent-scale"
ENTRIES = 2_000
STATES = 12

# Each is asked as of the newest height and of an old one.
QUESTIONS = (
    ("launches-without-timely-notification",),
    ("missing-declarations", "2012"),
    ("nil-filers", "2012"),
    ("discrepancies", "2012"),
    ("active-notifications",),
    ("expired-unresolved",),
    ("revision-status",),
    ("open-clarifications",),
    ("pledges-and-offers",),
    ("year-totals", "2012"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale") / "node"
    made = run(ASSENT_SCALE, "make", folder, "--entries", ENTRIES, "--states", STATES, timeout=300)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def marks(folder):
    return json.loads((folder / "scale.json").read_text())


@pytest.fixture(scope="module")
def client(folder):
    """Runs `assent` against a node on the folder."""
    peer_port, client_port = free_ports(2)
    config = folder / "test.toml"
    config.write_text('data_dir = "data"\nact = "act.txt"\nseed_file = "node.seed"\n'
                      f'peer.listen = "127.0.0.1:{peer_port}"\nclient.listen = "127.0.0.1:{client_port}"\n')
    with open(folder / "node.log", "ab") as log:
        node = subprocess.Popen([ASSENT_NODE, "run", "--config", config], stdout=log, stderr=log,
                                stdin=subprocess.DEVNULL)

    def serves():
        assert node.poll() is None, (folder / "node.log").read_text()[-2000:]
        try:
            socket.create_connection(("127.0.0.1", client_port), timeout=5).close()
            return True
        except OSError:
            return False

    def ask(*arguments, offline=None):
        where = ["--from", offline] if offline else ["--node", f"127.0.0.1:{client_port}", "--reader",
                                                     folder / "reader.key"]
        done = run(ASSENT, *arguments, "--act", folder / "act.txt", *where, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    wait_until("the node serves", serves)
    yield ask
    node.send_signal(signal.SIGTERM)
    assert node.wait(PATIENCE_S) == 0


@pytest.fixture(scope="module")
def saved(client, folder):
    """What an audit of the node has checked."""
    saved = folder.parent / "saved"
    report = json.loads(client("audit", "--save", saved, "--json"))
    assert report["good"] and report["complete"] and report["entries"] == ENTRIES
    assert report["checkpoint_signers"] == 4
    return saved


def test_the_whole_ledger_passes_an_audit(saved, marks, say):
    say(f"{marks['entries']} entries up to height {marks['height']} follow from the founding act")
    assert marks["entries"] == ENTRIES


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_a_question_has_the_same_answer_from_a_node_and_offline(client, saved, marks, question, say):
    for height in (marks["height"], marks["old_height"]):
        arguments = ("ask", *question, "--as-of", str(height), "--json")
        of_node = json.loads(client(*arguments))
        assert of_node == json.loads(client(*arguments, offline=saved))
        say(f"as of height {height}: {len(of_node['rows'])} rows")
        assert of_node["as_of"] == height
        if question[0] != "nil-filers":
            assert of_node["rows"]


def test_the_record_that_has_a_history_has_it_at_both_heights(client, marks):
    for height in (marks["height"], marks["old_height"]):
        rows = json.loads(client("ask", "record-history", marks["record"], "--as-of", height, "--json"))["rows"]
        assert [row["step"] for row in rows][:2] == ["RECORD_FILED", "RECORD_AMENDED"]
        assert rows[-1]["type"] == "LaunchReport"


def test_every_call_is_measured(folder, client, tmp_path, marks, say):
    """On a copy: one process at a time has a database open."""
    copy = tmp_path / "copy"
    made = run(ASSENT_SCALE, "make", copy, "--entries", ENTRIES, "--states", STATES, timeout=300)
    assert made.returncode == 0, made.stderr
    assert json.loads((copy / "scale.json").read_text()) == marks, "the same command makes the same ledger"
    figures = tmp_path / "figures.json"
    measured = run(ASSENT_SCALE, "measure", copy, "--calls", 2, "--json", figures, timeout=300)
    assert measured.returncode == 0, measured.stderr
    ledger = json.loads(figures.read_text())["ledgers"][0]
    assert ledger["entries"] == ENTRIES and ledger["disk_bytes"] > 0 and ledger["resident_bytes"] > 0
    pages = {page["name"]: page for page in ledger["pages"]}
    say(f"{len(pages)} pages, started in {ledger['start_seconds']:.1f} s")
    for name in ("ask expired_unresolved", "ask expired_unresolved, old height", "list, page 2",
                 "list of an author and a type", "receipt of an old entry", "consistency proof"):
        assert pages[name]["rows"] > 0 and pages[name]["p50_ms"] > 0, name


def test_too_small_a_ledger_is_refused_and_says_why(tmp_path):
    refused = run(ASSENT_SCALE, "make", tmp_path / "none", "--entries", 100, "--states", STATES)
    assert refused.returncode == 1
    assert "need at least" in refused.stderr
    assert not (tmp_path / "none").exists()
