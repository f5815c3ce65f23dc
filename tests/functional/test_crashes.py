"""Nodes that are killed, nodes that lose their disk, nodes that are stopped."""

import random
import subprocess
import time

import grpc
import pytest

from client import Author, file_one, notification
from cluster import ASSENT, PATIENCE_S, wait_until
from load import Load, check_nothing_is_lost
from steps import CATCH_UP_S

KILLS = 10
RANGE = 1024  # blocks of one request


def test_kill_any_node_ten_times_and_nothing_final_is_lost(new_cluster, say):
    seed = random.SystemRandom().randrange(1 << 32)
    say(f"four nodes under the load of four authors; seed {seed}")
    choose = random.Random(seed)
    cluster = new_cluster(heartbeat_s=40)
    with Load(cluster, seed=seed) as load:
        for number in range(KILLS):
            time.sleep(choose.uniform(0.2, 1.5))
            node = choose.choice(list(cluster))
            node.kill()
            # More than what may have been final already: one entry of each author.
            before = load.count() + len(cluster.nodes)
            wait_until(f"the ledger to go on without {node.code}", lambda: load.count() > before)
            time.sleep(choose.uniform(0, 1.0))
            node.start()
            say(f"kill {number + 1}: {node.code}; {load.count()} entries answered as final")
    say(f"the authors stop; they sent {load.retries} times again")
    agreed = cluster.wait_for_agreement(at_least=len(load.final))
    say(f"all four have root {agreed.root.hex()[:16]} and the same state, at height {agreed.height}")
    check_nothing_is_lost(cluster, load.final)
    say("each entry that was answered as final is at its place on all four")


def test_a_node_that_lost_its_disk_catches_up_abstains_and_votes_again(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    lost, other = cluster["JPN"], cluster["USA"]
    client = cluster["FRA"].client()
    say(f"a ledger of more than {RANGE} blocks, so that one request does not fetch all of it")
    with Load(cluster) as load:
        wait_until("so many blocks", lambda: client.status().height > RANGE, CATCH_UP_S)
    size = cluster.wait_for_agreement(at_least=len(load.final)).tree_size
    author = Author(cluster, "FRA").follow(client)

    say("the disk of JPN is lost; two others are down, so nobody can tell it where the votes are")
    lost.kill()
    lost.wipe()
    lost.init()
    cluster["IND"].kill()
    other.kill()
    lost.start()
    wait_until("JPN to be RESTORING", lambda: cluster.operator_status("JPN")["mode"] == "RESTORING")
    say("of four only FRA may vote: nothing becomes final")
    entry = author.prepare(notification())
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=5)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert cluster.operator_status("JPN")["mode"] == "RESTORING"

    say("IND comes back: FRA and IND are not three, and JPN must still abstain")
    cluster["IND"].start()
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=5)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert cluster.operator_status("JPN")["mode"] == "RESTORING"
    assert client.status().tree_size == size

    say("USA comes back: the entry becomes final, and JPN is told where it stands")
    other.start()
    assert client.submit(entry, timeout=PATIENCE_S).receipt.index == size
    author.keep(entry)
    wait_until("JPN to be VOTING", lambda: cluster.operator_status("JPN")["mode"] == "VOTING")
    for _ in range(5):
        file_one(client, author)
    agreed = cluster.wait_for_agreement(at_least=size + 6)
    status = cluster.operator_status("JPN")
    say(f"JPN has caught up to root {agreed.root.hex()[:16]}; it votes from view {status['votes_from_view']}")

    say("USA is killed: without the vote of JPN nothing could become final")
    other.kill()
    _, receipt = file_one(client, author)
    assert receipt.index == size + 6
    cluster.wait_for_agreement(["FRA", "IND", "JPN"], at_least=size + 7)
    check_nothing_is_lost([node for node in cluster if node.running()], load.final)


def test_sigterm_under_load_and_with_an_open_watch_ends_a_node_in_time(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    node = cluster["IND"]
    say("SIGTERM to a node with nothing to do")
    code, seconds = node.stop()
    assert (code, seconds < 5) == (0, True), seconds
    say(f"it ended in {seconds:.2f} s; it starts again")
    node.start()

    with Load(cluster, ["FRA", "IND", "USA"]) as load:
        watch = subprocess.Popen([ASSENT, "watch", "--from-index", "0", "--json", "--config",
                                  node.folder / "assent.toml"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        try:
            assert '"index"' in watch.stdout.readline()
            wait_until("some load", lambda: load.count() > 20)
            code, seconds = node.stop()
            say(f"SIGTERM under load and with a watcher: ended in {seconds:.2f} s")
            assert (code, seconds < 5) == (0, True), (code, seconds)
            assert "stopped" in node.log()
        finally:
            watch.kill()
            watch.communicate()
        node.start()
        before = load.count()
        wait_until("the ledger to go on", lambda: load.count() > before + 10)
    cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)
    say("started again it goes on with the others, and nothing is lost")
