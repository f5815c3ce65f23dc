"""Nodes in network namespaces, where packets are lost for good: a peer that is gone says nothing."""

import time

import grpc
import pytest

import namespaces
from client import Author, notification
from cluster import wait_until
from load import SteadyLoad, check_nothing_is_lost

PER_SECOND = 40
SHARE_LOST = 0.1
LOSSY_S = 5


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    namespaces.skip_unless_possible()
    made = namespaces.NamespaceCluster(tmp_path_factory.mktemp("namespaces") / "ledger", heartbeat_s=40)
    try:
        yield made.start()
    finally:
        made.close()


def test_a_lossy_network_only_slows_the_ledger(cluster, say):
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
        load.wait_for(20)
        say(f"each packet between nodes is lost with probability {SHARE_LOST}")
        cluster.lose(SHARE_LOST)
        before = load.count()
        time.sleep(LOSSY_S)
        lost = cluster.lost()
        load.wait_for(1)
        say(f"{lost} packets lost; {load.count() - before} entries became final meanwhile")
        assert lost > 0
        cluster.heal()
    cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)


def test_partitions(cluster, say):
    say("FRA is cut off, without a word, under the load of the others")
    with SteadyLoad(cluster, ["IND", "JPN", "USA"], PER_SECOND, follow=True) as load:
        load.wait_for(20)
        cluster.split(["FRA"], ["IND", "JPN", "USA"])
        before = load.count()
        wait_until("FRA to be alone", lambda: not any(
            peer["sending"] or peer["receiving"] for peer in cluster.operator_status("FRA")["peers"]))
        alone = cluster["FRA"].client().status().tree_size
        load.wait_for(PER_SECOND + 1)
        assert cluster["FRA"].client().status().tree_size == alone
        say(f"{load.count() - before} entries became final without FRA, and none at FRA")
        wait_until("IND to give up FRA and nobody else", lambda: {
            peer["code"] for peer in cluster.operator_status("IND")["peers"] if peer["sending"]} == {"JPN", "USA"})
    cluster.wait_for_agreement(["IND", "JPN", "USA"], at_least=len(load.final))

    say("JPN is cut off too: of four two are left, who decide nothing")
    cluster.heal()
    cluster.split(["FRA"], ["JPN"], ["IND", "USA"])
    client = cluster["USA"].client()
    before = client.status().tree_size
    entry = Author(cluster, "USA").follow(client).prepare(notification())
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=4)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert {cluster[code].client().status().tree_size for code in ("IND", "JPN", "USA")} == {before}

    cluster.heal()
    start = time.monotonic()
    assert client.submit(entry).leaf_hash == entry.leaf_hash
    say(f"healed, the entry is final after {time.monotonic() - start:.1f} s")
    agreed = cluster.wait_for_agreement(at_least=before + 1)
    say(f"FRA has caught up: all four agree at height {agreed.height}, {time.monotonic() - start:.1f} s after healing")
    check_nothing_is_lost(cluster, load.final)
