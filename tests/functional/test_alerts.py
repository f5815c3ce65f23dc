"""Each alert fires in a real Prometheus by the fault that it is for, and ends with it."""

import datetime
import os
import resource
import signal
import threading

import pytest

import syscalls
import threads
from build import SLOWNESS
from client import DAY_US, Author, notification, now_us
from clocks import faketime
from cluster import ASSENT_NODE, Cluster, wait_until
from load import Load
from prometheus import Prometheus, get, with_metrics
from protos import entry as entry_pb
from protos import ledger, record
from scripted_peer import ScriptedPeer

HEARTBEAT_S = 4
SKEW_S = 10
CLOCK_AHEAD_S = 6
DISK_MIB = 256
SLOW_SYNC_S = 8  # far longer than an alert takes to fire: one write may hold all that was missing
SLOW_WRITE_S = 5  # of the files that are written in the background
BEHIND = 200  # blocks
READS_AT_ONCE = 50
READS_PER_SECOND = 20  # that FRA lets a stranger have
QUEUED = 2400  # entries of all four authors
LONG_TEXT = "x" * 16_000
TEXTS_AT_ONCE = 32  # of each author


@pytest.fixture(name="watched", scope="module")
def watched_ledger(tmp_path_factory):
    """Four nodes and a Prometheus. The node of USA has a small disk of its own."""
    folder = tmp_path_factory.mktemp("alerts")
    cluster = Cluster(folder / "ledger", heartbeat_s=HEARTBEAT_S, skew_s=SKEW_S)
    prometheus = Prometheus(folder / "prometheus", with_metrics(cluster))
    with open(cluster["FRA"].config, "a", encoding="utf-8") as file:
        file.write(f'quota.reads_of_address = "{READS_PER_SECOND}"\n')
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
    prometheus.await_sample("assent:pool_entries:sum", "FRA", 1)
    cluster["IND"].start()
    cluster["JPN"].start()
    prometheus.await_quiet()
    prometheus.await_sample("assent:pool_entries:sum", "FRA", 0)
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


def test_a_node_that_is_slow_to_catch_up(watched, say):
    syscalls.skip_unless_possible()
    cluster, prometheus = watched
    node = cluster["JPN"]
    behind = node.client().status().height
    os.kill(node.process.pid, signal.SIGSTOP)
    try:
        with Load(cluster, codes=["FRA", "IND", "USA"], follow=True):
            wait_until("the others to go on", lambda: cluster["FRA"].client().status().height > behind + BEHIND)
        with syscalls.slow(node, "fdatasync", SLOW_SYNC_S):
            os.kill(node.process.pid, signal.SIGCONT)
            prometheus.await_alert(("AssentNodeLags", "JPN", ""))
            say("the disk of JPN is slow: it is far behind, and says so itself")
            assert not any(alert == "AssentNodeLags" and code != "JPN" for alert, code, _ in prometheus.firing())
    finally:
        os.kill(node.process.pid, signal.SIGCONT)
    prometheus.await_quiet()
    say("on a quick disk it has caught up: no alert")


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
    with open(filler, "r+b") as file:
        os.posix_fallocate(file.fileno(), 0, room + disk.f_blocks * disk.f_frsize * 6 // 100)
    prometheus.await_alert(("AssentDiskFull", "USA", ""))
    say("2 in 100")
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


def test_two_clocks_that_are_far_off(watched, say):
    """Those of two: whatever a leader proposes, two find it wrong. The views go on, and nothing becomes final."""
    cluster, prometheus = watched
    ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    for code in ("IND", "JPN"):
        cluster[code].stop()
        cluster[code].start(environment=faketime(ahead))
    submit_only(cluster["FRA"], Author(cluster, "FRA").follow(cluster["FRA"].client()))
    try:
        prometheus.await_alert(("AssentViewsWithoutFinality", "FRA", ""), ("AssentNoFinality", "FRA", ""))
    finally:
        for code in ("IND", "JPN"):
            cluster[code].stop()
            cluster[code].start()
    say("the clocks of two are an hour off: view after view ends without a block")
    prometheus.await_quiet()
    say("they are right again: no alert")


def test_a_node_that_restores_for_long(watched, say):
    cluster, prometheus = watched
    cluster["IND"].stop()
    cluster["JPN"].kill()
    cluster["JPN"].wipe()
    cluster["JPN"].init()
    cluster["JPN"].start()
    prometheus.await_alert(("AssentNotVoting", "JPN", ""))
    say("JPN has lost its disk, and with IND down it cannot be told how it has voted")
    cluster["IND"].start()
    prometheus.await_quiet()
    wait_until("JPN to be VOTING", lambda: cluster.operator_status("JPN")["mode"] == "VOTING")
    say("IND is back, and JPN votes: no alert")


def test_somebody_who_asks_too_much(watched, say):
    cluster, prometheus = watched
    ended = threading.Event()

    def ask():
        stranger = cluster["FRA"].client(None)
        while not ended.is_set():
            calls = [stranger.stub.GetLedgerStatus.future(ledger.GetLedgerStatusRequest(), timeout=30)
                     for _ in range(READS_AT_ONCE)]
            for call in calls:
                call.exception()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        prometheus.await_alert(("AssentTurnsAway", "FRA", ""))
    finally:
        ended.set()
        thread.join()
    say("a stranger asks FRA faster than it may, and is turned away")
    prometheus.await_quiet()
    say("it has stopped: no alert")


def test_more_to_check_than_can_be_checked(watched, say):
    """As with too few processors: the threads that check signatures get next to no time while all file through FRA."""
    cluster, prometheus = watched
    calls = []
    with threads.starved(cluster["FRA"].process.pid, "checks"):
        for code in cluster.nodes:
            # Each with a key, and so a connection, of its own: one has room for 1,024 calls.
            client = cluster["FRA"].client(cluster[code].state.keys["reader"])
            author = Author(cluster, code).follow(cluster["IND"].client())
            calls += [client.submit_later(author.keep(author.prepare(notification())))
                      for _ in range(QUEUED // len(cluster.nodes))]
        prometheus.await_alert(("AssentVerificationQueueLong", "FRA", ""))
    say(f"{QUEUED} entries wait to be checked at FRA")
    for call in calls:
        call.exception()
    prometheus.await_quiet()
    say("they have been: no alert")


def test_a_database_that_cannot_keep_up(watched, say):
    """As with a disk that is too slow: each write of its files takes long while long texts are filed."""
    syscalls.skip_unless_possible()
    if SLOWNESS > 1:
        pytest.skip("not run: with sanitizers too little is written to fill the memory that is kept for writes")
    cluster, prometheus = watched
    ended = threading.Event()

    def file(code):
        client = cluster["IND"].client(cluster[code].state.keys["reader"])
        author = Author(cluster, code).follow(cluster["IND"].client())
        while not ended.is_set():
            calls = [client.submit_later(author.keep(author.prepare(entry_pb.Body(
                visibility=entry_pb.PUBLIC, issued_at_us=now_us(), pledge=record.Pledge(
                    target_date_us=now_us() + 900 * DAY_US, text=LONG_TEXT))))) for _ in range(TEXTS_AT_ONCE)]
            for call in calls:
                call.exception()
            author.follow(cluster["IND"].client())

    authors = [threading.Thread(target=file, args=(code,)) for code in cluster.nodes]
    with syscalls.slow(cluster["FRA"], "write", SLOW_WRITE_S, thread="rocksdb:high"):
        for author in authors:
            author.start()
        try:
            prometheus.await_alert(("AssentDatabaseStalls", "FRA", ""), seconds=240)
        finally:
            ended.set()
            for author in authors:
                author.join()
    say("FRA holds writes back")
    prometheus.await_quiet()
    say("its files are written: no alert")


def test_files_that_run_short(watched, say):
    """As when somebody has given the node too low a limit."""
    cluster, prometheus = watched
    pid = cluster["FRA"].process.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_files = len(os.listdir(f"/proc/{pid}/fd"))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files + 2, hard))
    try:
        prometheus.await_alert(("AssentFilesRunShort", "FRA", ""))
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
    say(f"{open_files} files were open at FRA, and 2 more could be")
    prometheus.await_quiet()
    say("it may have more: no alert")


def test_what_all_four_showed(watched):
    """Nothing was seen that no honest node does, and the metrics were there all the time."""
    cluster, prometheus = watched
    prometheus.await_sample("count(assent_evidence_total)", None, len(cluster.nodes))
    assert prometheus.query("sum(assent_evidence_total)") == [(None, 0.0)]
    prometheus.await_sample("count(assent_block_height)", None, len(cluster.nodes))
    assert get(prometheus.port, "/-/healthy")[0] == 200


def test_a_key_that_signs_two_statements(watched, say):
    """Somebody has the keys of JPN, and speaks to FRA in its place."""
    cluster, prometheus = watched
    cluster["JPN"].kill()
    fra = cluster["FRA"]
    view = int(cluster.operator_status("FRA")["view"]) + 2
    jpn = ScriptedPeer(cluster, "JPN")
    jpn.exchange(fra, [jpn.hello(), jpn.notarize(view, b"a" * 32), jpn.notarize(view, b"b" * 32)])
    prometheus.await_alert(("AssentEvidence", "FRA", ""))
    say("two votes of one view have the signature of JPN: FRA has proof of it")
    cluster["JPN"].start()
    prometheus.await_quiet()
    say("an hour later, shortened here: no alert")
