"""Clocks that are wrong from the start, and clocks that jump while the node runs; the monotonic clock stays right."""

import datetime
import time

import grpc
import pytest

from client import Author, notification
from clocks import libfaketime, library
from cluster import wait_until
from load import SteadyLoad, check_nothing_is_lost

PER_SECOND = 40
THROUGH_ITS_VIEWS = 2 * PER_SECOND
# libfaketime looks so often what time it should be, in whole seconds that it counts itself.
LOOKS_S = 1
AHEAD = "+3600"
BEHIND = "-3600"
RIGHT = "+0"
# The act's clock skew, and what a loaded machine adds between a block and the look at it.
CLOSE_S = 20
HALTED_S = 4


def set_clock(node, seconds):
    """So far off it is from now on."""
    path = node.folder / "clock"
    path.with_suffix(".new").write_text(f"{seconds}s\n")
    path.with_suffix(".new").rename(path)
    if node.process:
        time.sleep(2 * LOOKS_S)


def with_clocks(cluster):
    """Of FRA and IND."""
    for node in (cluster["FRA"], cluster["IND"]):
        set_clock(node, RIGHT)
        node.environment = {**libfaketime(), "FAKETIME_TIMESTAMP_FILE": str(node.folder / "clock"),
                            "FAKETIME_CACHE_DURATION": str(LOOKS_S)}


def now_of(node):
    """What the newest line of its log says that the time is."""
    return datetime.datetime.fromisoformat(node.log().splitlines()[-1].split("Z ")[0])


def ledger_is_close(cluster):
    """The newest block's time is nearly now, on every node."""
    for node in cluster:
        newest = node.client().status().time_us / 1e6
        assert abs(newest - time.time()) < CLOSE_S, f"the ledger's time is {newest - time.time():.0f} s off"


def test_clocks_that_jump(new_cluster, say):
    if not library():
        pytest.skip("not run: libfaketime missing")
    cluster = new_cluster(before=with_clocks, heartbeat_s=40)
    fra, ind = cluster["FRA"], cluster["IND"]
    say("under load the clock of FRA jumps an hour ahead")
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
        load.wait_for(20)
        set_clock(fra, AHEAD)
        load.wait_for(THROUGH_ITS_VIEWS)
    say(f"{load.count()} entries are final, through views that FRA leads")
    cluster.wait_for_agreement(at_least=len(load.final))
    ledger_is_close(cluster)

    say("the clock of IND jumps an hour back too: of four only two tell the same time")
    set_clock(ind, BEHIND)
    client = cluster["USA"].client()
    entry = Author(cluster, "USA").follow(client).prepare(notification())
    size = client.status().tree_size
    with pytest.raises(grpc.RpcError) as waited:
        client.submit(entry, timeout=HALTED_S)
    assert waited.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert {node.client().status().tree_size for node in cluster} == {size}
    say("nothing becomes final; IND is put right, and nothing else is done")
    set_clock(ind, RIGHT)
    assert client.submit(entry).receipt.index == size
    say("the entry is final")
    assert client.status().tree_size == size + 1

    say("FRA is started again with its wrong clock: it says what time it thinks it is, and follows")
    fra.stop()
    fra.start()
    assert (now_of(fra) - datetime.datetime.utcnow()).total_seconds() > 3000, "the clock is right"
    with SteadyLoad(cluster, ["IND", "JPN", "USA"], PER_SECOND, follow=True) as more:
        more.wait_for(PER_SECOND)
        wait_until("FRA to follow", lambda: fra.client().status().tree_size > size + PER_SECOND)
        set_clock(fra, RIGHT)
        more.wait_for(PER_SECOND)
    cluster.wait_for_agreement(at_least=size + 1 + len(more.final))
    ledger_is_close(cluster)
    check_nothing_is_lost(cluster, {**load.final, **more.final})
    for node in cluster:
        status = cluster.operator_status(node.code)
        assert (status["mode"], status["evidence"]) == ("VOTING", 0), status
    say("put right as well; all four agree, and the ledger's time was the right one throughout")
