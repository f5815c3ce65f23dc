"""Nodes between which the network fails: partitions, one direction only, delay, broken connections."""

import random
import time

import grpc
import pytest

from client import Author, notification
from cluster import wait_until
from load import SteadyLoad, check_nothing_is_lost
from relay import RelayedCluster

# Longer than it takes a node to give up a silent peer (9 s).
LONG_S = 11
SHORT_S = 4
PER_SECOND = 40
# So many entries take several views, of which each node leads its part.
THROUGH_ITS_VIEWS = 3 * PER_SECOND
DELAY_S = 0.15
BREAKS = 8
SHARE_BROKEN = 0.3
# From proposal to finality a block takes three delays; its entry has to reach the leader first.
DELAYS_PER_BLOCK = 3


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    cluster = RelayedCluster(tmp_path_factory.mktemp("network") / "ledger", heartbeat_s=40)
    try:
        yield cluster.start()
    finally:
        cluster.close()


@pytest.fixture
def cluster(ledger):
    """All nodes reach each other, and agree."""
    ledger.relay.heal()
    ledger.wait_for_agreement()
    yield ledger
    ledger.relay.heal()


def submitted(cluster, codes, seconds):
    """Each of these states submits an entry to its own node. Those that wait for an answer."""
    waiting = []
    for code in codes:
        author = Author(cluster, code).follow(cluster[code].client())
        waiting.append((author.prepare(notification()), cluster[code].client()))
    return [(entry, client, client.submit_later(entry, seconds)) for entry, client in waiting]


def sizes(cluster):
    return {node.code: node.client().status().tree_size for node in cluster}


def test_halves_decide_nothing_and_go_on_when_healed(cluster, say):
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
        load.wait_for(20)
    cluster.wait_for_agreement(at_least=len(load.final))
    say("FRA and IND hear nothing of JPN and USA, and the other way round; each state files at its own node")
    cluster.relay.split(["FRA", "IND"], ["JPN", "USA"])
    before = sizes(cluster)
    assert len(set(before.values())) == 1
    waiting = submitted(cluster, cluster.nodes, SHORT_S)
    for entry, _, call in waiting:
        assert call.exception().code() == grpc.StatusCode.DEADLINE_EXCEEDED, f"{entry.author} was answered"
    assert sizes(cluster) == before
    say(f"after {SHORT_S} s nothing is final on either side; the network is whole again, nobody files anew")
    cluster.relay.heal()
    start = time.monotonic()
    wanted = next(iter(before.values())) + len(waiting)
    agreed = cluster.wait_for_agreement(at_least=wanted)
    say(f"all four entries are final {time.monotonic() - start:.1f} s later, on all nodes")
    assert agreed.tree_size == wanted
    check_nothing_is_lost(cluster, load.final)
    for entry, client, _ in waiting:
        assert client.submit(entry).leaf_hash == entry.leaf_hash  # the same bytes: where it is, not a second time
    assert set(sizes(cluster).values()) == {wanted}


def test_three_go_on_without_the_fourth(cluster, say):
    say("USA is cut off under load")
    with SteadyLoad(cluster, ["FRA", "IND", "JPN"], PER_SECOND, follow=True) as load:
        load.wait_for(20)
        cluster.relay.split(["FRA", "IND", "JPN"], ["USA"])
        (entry, client, call), = submitted(cluster, ["USA"], LONG_S)
        count = load.count()
        wait_until("USA to be alone", lambda: not any(
            peer["sending"] or peer["receiving"] for peer in cluster.operator_status("USA")["peers"]))
        alone = sizes(cluster)["USA"]
        load.wait_for(PER_SECOND + 1)
        assert call.exception().code() == grpc.StatusCode.DEADLINE_EXCEEDED
        assert sizes(cluster)["USA"] == alone
        say(f"{load.count() - count} entries became final without it, and none at USA")
        wait_until("FRA to give up USA and nobody else", lambda: {
            peer["code"] for peer in cluster.operator_status("FRA")["peers"] if peer["sending"]} == {"IND", "JPN"})
        cluster.relay.heal()
        start = time.monotonic()
        assert client.submit(entry).leaf_hash == entry.leaf_hash
        say(f"healed, the entry of USA is final after {time.monotonic() - start:.1f} s")
    cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)


@pytest.mark.parametrize("mute", [True, False])
def test_one_direction_only(cluster, say, mute):
    others = ["FRA", "IND", "USA"]
    if mute:
        say("JPN hears the others; nobody hears JPN")
        cluster.relay.block(["JPN"], others)
    else:
        say("all hear JPN; it hears nobody")
        cluster.relay.block(others, ["JPN"])
    with SteadyLoad(cluster, others, PER_SECOND, follow=True) as load:
        start = time.monotonic()
        load.wait_for(THROUGH_ITS_VIEWS)
        meanwhile = load.count()
        took = time.monotonic() - start
        cluster.relay.heal()
        load.wait_for(PER_SECOND)
    cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)
    say(f"{meanwhile} entries were final in {took:.1f} s, of which it led a part; healed, all agree")


def test_slow_and_broken_connections(cluster, say):
    seed = random.SystemRandom().randrange(1 << 32)
    choose = random.Random(seed)
    say(f"every message is {DELAY_S * 1000:.0f} ms under way; again and again connections break; seed {seed}")
    cluster.relay.delay(DELAY_S)
    client = cluster["FRA"].client()
    entry = Author(cluster, "FRA").follow(client).prepare(notification())
    start = time.monotonic()
    client.submit(entry)
    took = time.monotonic() - start
    say(f"one entry is final after {took:.2f} s")
    assert took > DELAYS_PER_BLOCK * DELAY_S, "the delay is not there"
    broken = 0
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
        for _ in range(BREAKS):
            time.sleep(choose.uniform(0.1, 0.6))
            broken += cluster.relay.break_some(choose, SHARE_BROKEN)
        assert broken > 0
        load.wait_for(PER_SECOND)
        cluster.relay.heal()
    say(f"{broken} connections broken; {load.count()} entries final meanwhile")
    cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)
