"""Each alert fires in a real Prometheus by the fault that it is for, and ends with it."""

import datetime
import os
import signal

import pytest

from client import Author, notification
from cluster import ASSENT_NODE, Cluster, wait_until
from load import Load
from prometheus import Prometheus, get, with_metrics
from steps import faketime

HEARTBEAT_S = 4
SKEW_S = 10
CLOCK_AHEAD_S = 6
DISK_MIB = 256


@pytest.fixture(name="watched", scope="module")
def watched_ledger(tmp_path_factory):
    """Four nodes and a Prometheus. The node of USA has a small disk of its own."""
    folder = tmp_path_factory.mktemp("alerts")
    cluster = Cluster(folder / "ledger", heartbeat_s=HEARTBEAT_S, skew_s=SKEW_S)
    prometheus = Prometheus(folder / "prometheus", with_metrics(cluster))
    try:
        for node in cluster:
            if node.code == "USA":
                node.start(wait=False, within=small_disk(node))
            else:
                node.init("--new-seed")
                node.start(wait=False)
        for node in cluster:
            wait_until(f"the node of {node.code} serves", node.serves)
        prometheus.await_quiet()
        yield cluster, prometheus
    finally:
        cluster.close()
        prometheus.close()


def small_disk(node):
    """A command that runs another with a new, small disk as the node's data folder, which nobody else sees."""
    data = node.folder / "data"
    data.mkdir()
    return ("unshare", "--map-root-user", "--mount", "sh", "-ec",
            f'mount -t tmpfs -o size={DISK_MIB}m none "{data}"; '
            f'"{ASSENT_NODE}" init --config "{node.config}" --new-seed; exec "$@"', "sh")


def submit_only(node, author):
    node.client().submit(author.prepare(notification()), wait=False)


def test_a_node_that_is_killed(watched, say):
    cluster, prometheus = watched
    cluster["JPN"].kill()
    prometheus.await_alert(("AssentNodeDown", "JPN", ""), ("AssentPeerDown", "FRA", "JPN"))
    say("killed: JPN does not answer, and its peers do not reach it")
    assert not any(alert == "AssentNodeDown" and code != "JPN" for alert, code, _ in prometheus.firing())
    cluster["JPN"].start()
    prometheus.await_quiet()
    say("started again: no alert")


def test_no_quorum(watched, say):
    cluster, prometheus = watched
    author = Author(cluster, "JPN")
    cluster["IND"].kill()
    cluster["JPN"].kill()
    submit_only(cluster["FRA"], author)
    prometheus.await_alert(("AssentNoFinality", "FRA", ""), ("AssentNoFinality", "USA", ""))
    say("two of four: nothing becomes final")
    assert ("FRA", 1.0) in prometheus.query("assent:pool_entries:sum")
    cluster["IND"].start()
    cluster["JPN"].start()
    prometheus.await_quiet()
    assert ("FRA", 0.0) in prometheus.query("assent:pool_entries:sum")
    say("with a quorum: no alert")


def test_a_peer_that_lags(watched, say):
    cluster, prometheus = watched
    os.kill(cluster["JPN"].process.pid, signal.SIGSTOP)
    try:
        with Load(cluster, codes=["FRA", "IND", "USA"]):
            prometheus.await_alert(("AssentPeerLags", "FRA", "JPN"), ("AssentPeerLags", "IND", "JPN"))
    finally:
        os.kill(cluster["JPN"].process.pid, signal.SIGCONT)
    say("frozen: JPN is 100 blocks behind")
    assert all(peer == "JPN" for alert, _, peer in prometheus.firing() if alert == "AssentPeerLags")
    prometheus.await_quiet()
    say("it goes on, and has caught up: no alert")


def test_a_disk_that_is_nearly_full(watched, say):
    cluster, prometheus = watched
    node = cluster["USA"]
    data = f"/proc/{node.process.pid}/root{node.folder}/data"
    disk = os.statvfs(data)
    assert disk.f_blocks * disk.f_frsize == DISK_MIB * 1024 * 1024
    # 8 in 100 stay free.
    room = disk.f_bavail * disk.f_frsize - disk.f_blocks * disk.f_frsize * 8 // 100
    filler = f"{data}/filler"
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)
    prometheus.await_alert(("AssentDiskNearlyFull", "USA", ""))
    assert not any(alert == "AssentDiskFull" for alert, _, _ in prometheus.firing())
    say("8 in 100 of the disk of USA are free")
    os.unlink(filler)
    prometheus.await_quiet()
    say("there is room again: no alert")


def test_a_clock_that_is_ahead(watched, say):
    cluster, prometheus = watched
    cluster["JPN"].stop()
    ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=CLOCK_AHEAD_S)
    cluster["JPN"].start(environment=faketime(ahead))
    prometheus.await_alert(("AssentClockOff", "JPN", ""), ("AssentPeerClockOff", "FRA", "JPN"))
    assert not any(alert == "AssentClockOff" and code != "JPN" for alert, code, _ in prometheus.firing())
    say("the clock of JPN is ahead: it sees that, and the others do")
    cluster["JPN"].stop()
    cluster["JPN"].start()
    prometheus.await_quiet()
    say("it is right again: no alert")


def test_what_all_four_showed(watched):
    """Nothing was seen that no honest node does, and the metrics were there all the time."""
    cluster, prometheus = watched
    assert prometheus.query("sum(assent_evidence_total)") == [(None, 0.0)]
    assert len(prometheus.query("assent_block_height")) == len(cluster.nodes)
    assert get(prometheus.port, "/-/healthy")[0] == 200
