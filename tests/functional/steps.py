"""Steps that several tests take, each by the commands that a state would use."""

import datetime
import json
import re

from build import SLOWNESS
from clocks import DAY_S
from cluster import ASSENT, run, wait_until

TERM_S = 30 * DAY_S
# What a sanitizer's llvm-symbolizer says when its node is killed.
SYMBOLIZER = re.compile("LLVM ERROR: IO failure on output stream: Broken pipe\n"
                        "(pure virtual method called\nterminate called without an active exception\n)?")
# A slow machine may be busy with other things while a node catches up.
CATCH_UP_S = 240 * SLOWNESS


def from_now(seconds, clock=None):
    """A time as record files have it."""
    ahead_s = clock.ahead_s if clock else 0
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ahead_s + seconds)
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def write_record(path, record_type, visibility="PUBLIC", /, **fields):
    path.write_text(json.dumps({"type": record_type, "visibility": visibility, **fields}))
    return path


def file_record(cluster, code, record_type, visibility="PUBLIC", /, **fields):
    """Writes a record and files it for a state. Returns its index."""
    return cluster.file(code, "file", write_record(cluster[code].folder / f"{record_type}.json", record_type,
                                                   visibility, **fields))


def endorse(cluster, codes, question):
    for code in codes:
        file_record(cluster, code, "Endorsement", question=question)


def appoint_chair(cluster, code, clock):
    """By as many members as are needed, before the term begins: that is a day later."""
    question = file_record(cluster, code, "ChairTerm", chair=code, until=from_now(TERM_S, clock),
                           **{"from": from_now(DAY_S, clock)})
    needed = 2 * len(cluster.nodes) // 3 + 1
    endorse(cluster, [node.code for node in cluster if node.code != code][:needed - 1], question)
    clock.go_on(DAY_S)


def why_it_stopped(node):
    """Waits until a node ends by itself, with exit code 1. Why, in the words of its last line or of its log."""
    code = node.ended()
    log = SYMBOLIZER.sub("", node.log())
    assert code == 1, f"exit code {code}: {log[-2000:]}"
    assert "terminate" not in log and "Aborted" not in log, log[-2000:]
    reasons = re.findall(r"^(?:assent-node: |.* error stopping why=)(.+)$", log, re.MULTILINE)
    assert reasons, log[-2000:]
    return json.loads(reasons[-1]) if reasons[-1][0] == '"' else reasons[-1]


def lodge_note(cluster, code, lodged_by):
    """A member lodges the note of a state that subscribes. Returns the question whether it is really that state's."""
    node = cluster[code]
    note = node.folder / "note.toml"
    cluster.cli(code, "subscription", "note", "--name", node.state.name, "--contact", "by mail", "--reader-key",
                node.folder / "reader.key", "-o", note)
    return cluster.file(lodged_by, "file", note)


def file_node_keys(cluster, code, seed, endpoint):
    """Names the keys of a state's node, which from then on is cut off until it runs with them."""
    node = cluster[code]
    proof = run(ASSENT, "key", "prove", node.folder / seed, "--act", cluster.act, "--code", code)
    assert proof.returncode == 0, proof.stderr
    record = node.folder / f"{seed}.toml"
    record.write_text(f'type = "NodeKeys"\nvisibility = "PUBLIC"\npeer_endpoint = "{endpoint}"\n{proof.stdout}')
    cluster.json(code, "file", record)


def start_from_the_act(cluster, code):
    """The node of a new member, which has nothing but the founding act, catches up."""
    node = cluster[code]
    file_node_keys(cluster, code, "node.seed", f"127.0.0.1:{node.peer_port}")
    tree = node.through.client().status().tree_size
    node.init("--new-seed")  # its seed has never voted
    node.start()
    wait_until(f"the node of {code} to catch up", lambda: node.client().status().tree_size >= tree, CATCH_UP_S)
    assert cluster.operator_status(code)["mode"] == "FOLLOWING"


def vote(cluster, code):
    """By the state's own entry, its node votes from here on. Returns its index. Under load the block that the proof
    names is soon no recent one: then the node makes another."""
    node = cluster[code]
    record = node.folder / "voting.toml"

    def filed():
        record.unlink(missing_ok=True)
        made = run(ASSENT, "voting-proof", "--admin", node.admin_socket, "-o", record)
        assert made.returncode == 0, made.stderr
        done = cluster.cli(code, "file", record, "--json", expect=None)
        assert done.returncode == 0 or "refused: BLOCK_NOT_RECENT" in done.stderr, done.stderr
        return done.returncode == 0 and done.stdout

    return cluster.filed(wait_until(f"a recent proof of the node of {code} is filed", filed))


def await_epoch(cluster, epoch):
    codes = [node.code for node in cluster if node.running()]
    wait_until(f"epoch {epoch} on every node",
               lambda: all(cluster.operator_status(code)["ledger"]["epoch"] == epoch for code in codes),
               CATCH_UP_S)
