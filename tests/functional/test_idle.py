"""A ledger on which nobody files costs next to nothing."""

import time

from client import Author, file_one

HEARTBEAT_S = 10
WATCHED_S = 22
CPU_MAX = 0.01


def test_an_idle_ledger_makes_heartbeats_and_little_else(new_cluster, say):
    cluster = new_cluster(heartbeat_s=HEARTBEAT_S, skew_s=2)
    client = cluster["FRA"].client()
    file_one(client, Author(cluster, "FRA"))
    before = cluster.wait_for_agreement(at_least=1)
    time.sleep(2)
    cpu = {node.code: node.cpu_seconds() for node in cluster}
    start = time.monotonic()
    say(f"nobody files for {WATCHED_S} s")
    time.sleep(WATCHED_S)
    elapsed = time.monotonic() - start
    shares = {node.code: (node.cpu_seconds() - cpu[node.code]) / elapsed for node in cluster}
    after = cluster.wait_for_agreement()

    say(f"blocks made: {after.height - before.height}, one each {HEARTBEAT_S} s")
    assert 1 <= after.height - before.height <= (elapsed + 5) // HEARTBEAT_S + 1
    assert after.tree_size == before.tree_size and after.root == before.root
    say("processor of a node: " + ", ".join(f"{code} {share:.2%}" for code, share in shares.items()))
    assert max(shares.values()) < CPU_MAX
