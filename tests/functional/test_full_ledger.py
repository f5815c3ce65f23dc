"""A ledger of as many members as there can be. One of their nodes runs; the others are as a node hears of them: each
greets it with its own key."""

import concurrent.futures
import itertools
import json
import string

import pytest

import ledger_format as lf
from build import SLOWNESS
from cluster import Cluster, wait_until
from scripted_peer import ScriptedPeer

MEMBERS_MAX = 1024  # ledger/limits.h
QUORUM = 2 * MEMBERS_MAX // 3 + 1
HEARTBEAT_S = 86_400
AT_ONCE = 8
PATIENCE_S = 5  # of a client that is told to try again
CODES = ["".join(letters) for letters in itertools.islice(itertools.product(string.ascii_uppercase, repeat=3), MEMBERS_MAX)]


def greet(cluster, code, node):
    """The node is busy, since it dials everybody all the time."""
    peer = ScriptedPeer(cluster, code)
    wait_until(f"{code} to be heard", lambda: peer.exchange(node, [peer.hello()]) == "OK")


def answer_to(cluster, note):
    """What `assent` says at last of a note that is to be refused. What was signed once is not signed again."""
    entries = note.with_name("note.entries.json")

    def reached():
        command = ("submit", entries) if entries.exists() else ("file", note)
        said = cluster.cli(CODES[0], *command, "--timeout", PATIENCE_S, expect=1).stderr
        return "cannot reach the node" not in said and "no answer from the node" not in said and said

    return wait_until("the node to answer", reached)


def test_no_state_more_than_there_is_room_for(tmp_path, say):
    if SLOWNESS > 1:
        pytest.skip("not run: with sanitizers a node that dials a thousand others has no time to answer")
    first = CODES[0]
    cluster = Cluster(tmp_path / "ledger", codes=CODES, running=[first], heartbeat_s=HEARTBEAT_S)
    try:
        cluster.start()
        node = cluster[first]
        members = wait_until("the node to answer", lambda: cluster.cli(first, "members", "--json", expect=None).stdout)
        assert len(json.loads(members)["members"]) == MEMBERS_MAX
        cluster.add(lf.State("ZZZ", "State of ZZZ"), through=first)
        note = cluster.folder / "note.toml"
        cluster.cli("ZZZ", "subscription", "note", "--name", "State of ZZZ", "--contact", "by mail", "--reader-key",
                    cluster["ZZZ"].folder / "reader.key", "-o", note)
        refused = answer_to(cluster, note)
        say(f"the node of {first} has heard of nobody: {refused}")
        assert "this node is still catching up" in refused

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda code: greet(cluster, code, node), CODES[1:QUORUM]))
        refused = answer_to(cluster, note)
        say(f"with {QUORUM - 1} others it has a quorum: {refused}")
        assert "refused: LEDGER_FULL" in refused
    finally:
        cluster.close()
