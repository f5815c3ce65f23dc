"""A ledger of as many members as there can be. One of their nodes runs; the others are as a node hears of them: each
greets it with its own key."""

import concurrent.futures
import itertools
import string

import ledger_format as lf
from build import SLOWNESS
from client import CALL_TIMEOUT_S
from cluster import Cluster
from scripted_peer import ScriptedPeer

MEMBERS_MAX = 1024  # ledger/limits.h
QUORUM = 2 * MEMBERS_MAX // 3 + 1
HEARTBEAT_S = 86_400
AT_ONCE = 8
PATIENCE_S = 5 * SLOWNESS  # of a client that is told to try again
CODES = ["".join(letters) for letters in itertools.islice(itertools.product(string.ascii_uppercase, repeat=3), MEMBERS_MAX)]


def greet(cluster, code, node):
    peer = ScriptedPeer(cluster, code)
    return peer.exchange(node, [peer.hello()])


def test_no_state_more_than_there_is_room_for(tmp_path, say):
    first = CODES[0]
    cluster = Cluster(tmp_path / "ledger", codes=CODES, running=[first], heartbeat_s=HEARTBEAT_S)
    try:
        cluster.start()
        node = cluster[first]
        assert len(cluster.json(first, "members", "--timeout", CALL_TIMEOUT_S)["members"]) == MEMBERS_MAX
        cluster.add(lf.State("ZZZ", "State of ZZZ"), through=first)
        note = cluster.folder / "note.toml"
        cluster.cli("ZZZ", "subscription", "note", "--name", "State of ZZZ", "--contact", "by mail", "--reader-key",
                    cluster["ZZZ"].folder / "reader.key", "-o", note)
        refused = cluster.cli(first, "file", note, "--timeout", PATIENCE_S, expect=1)
        say(f"the node of {first} has heard of nobody: {refused.stderr.splitlines()[-1]}")
        assert "this node is still catching up" in refused.stderr

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            assert set(pool.map(lambda code: greet(cluster, code, node), CODES[1:QUORUM])) == {"OK"}
        refused = cluster.cli(first, "submit", note.with_name("note.entries.json"), "--timeout", CALL_TIMEOUT_S, expect=1)
        say(f"with {QUORUM - 1} others it has a quorum: {refused.stderr.splitlines()[-1]}")
        assert "refused: LEDGER_FULL" in refused.stderr
    finally:
        cluster.close()
