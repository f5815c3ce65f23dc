"""Processes that die together, that stand still, and that are asked to stop while they have work."""

import collections
import random
import signal
import time

import grpc
import pytest

import kills
from client import Author, notification
from cluster import Cluster
from load import SteadyLoad, check_nothing_is_lost
from protos import ledger
from steps import CATCH_UP_S

KILLS_OF_ALL = 3
STOPPED_S = 60
PER_SECOND = 40
UNDER_WAY = 200
READS_UNDER_WAY = 32
STOP_AFTER_S = (0.0, 0.05, 0.15)


@pytest.fixture(scope="module")
def cluster(shared, standing_still):
    """While its tests run, a minute passes for another one."""
    assert standing_still
    return shared


@pytest.fixture(scope="module")
def standing_still(tmp_path_factory):
    """A cluster of which the node of JPN stands still from now on, with all its connections, under the load of the others:
    the cluster, the load, an entry that has been sent to JPN meanwhile, its call, and when that was."""
    made = Cluster(tmp_path_factory.mktemp("standing") / "ledger", heartbeat_s=40).start()
    node, client = made["JPN"], made["JPN"].client()
    entry = Author(made, "JPN").follow(client).prepare(notification())  # and so it is connected
    with SteadyLoad(made, ["FRA", "IND", "USA"], PER_SECOND, follow=True) as load:
        load.wait_for(20)
        node.process.send_signal(signal.SIGSTOP)
        yield made, load, entry, client.submit_later(entry, timeout=None), time.monotonic()
        node.process.send_signal(signal.SIGCONT)
    made.close()


def test_all_nodes_killed_at_once_again_and_again(cluster, say):
    seed = random.SystemRandom().randrange(1 << 32)
    say(f"all four nodes are killed at one moment under load, {KILLS_OF_ALL} times; seed {seed}")
    everybody = len(cluster.nodes)
    assert kills.kill_and_restart(cluster, KILLS_OF_ALL * everybody, seed, say, together=everybody) > 0


def test_a_stop_under_load_leaves_no_call_without_an_answer(cluster, say):
    author = Author(cluster, "IND")
    node = cluster["IND"]
    for after_s in STOP_AFTER_S:
        another = node.client(cluster["FRA"].state.keys["reader"])
        author.follow(another)
        client = node.new_client()  # outlives the process
        client.status()  # it is connected
        entries = [author.keep(author.prepare(notification())) for _ in range(UNDER_WAY)]
        calls = [client.submit_later(entry, 60) for entry in entries]
        reads = [client.stub.ListEntries.future(ledger.ListEntriesRequest(page_size=100), timeout=60)
                 for _ in range(READS_UNDER_WAY)]
        if after_s:
            time.sleep(after_s)
            client.status()  # all that was sent before it has come
        else:
            while another.head("IND").sequence < entries[0].sequence:
                pass  # the first has not come
        code, seconds = node.stop()
        assert (code, seconds < 5) == (0, True), (code, seconds)
        final, answers = {}, collections.Counter()
        for entry, call in zip(entries, calls):
            error = call.exception()
            if error is None:
                final["IND", entry.sequence] = (call.result().receipt.index, entry.leaf_hash)
                answers["final"] += 1
            else:
                # The node has answered itself, also what reached it while it stopped.
                assert error.code() == grpc.StatusCode.UNAVAILABLE, error
                assert "the node is stopping" in error.details(), error
                answers[error.details()] += 1
        client.close()
        say(f"stopped after {after_s} s in {seconds:.2f} s: {dict(answers)}")
        assert sum(answers.values()) == UNDER_WAY and "Socket closed" not in answers
        refused = [error for error in (read.exception() for read in reads) if error is not None]
        assert all("the node is stopping" in error.details() for error in refused), refused
        say(f"of {READS_UNDER_WAY} reads {READS_UNDER_WAY - len(refused)} have their page, the others are told the same")
        other = cluster["FRA"].client()
        for entry, call in [(entry, other.submit_later(entry, 60)) for entry in entries]:
            # What was not answered is sent again, and is there once.
            receipt = call.result().receipt
            assert final.setdefault(("IND", entry.sequence), (receipt.index, entry.leaf_hash))[0] == receipt.index
        node.start()
        cluster.wait_for_agreement(at_least=max(index for index, _ in final.values()) + 1)
        check_nothing_is_lost(cluster, final)


def test_a_process_that_stands_still_for_a_minute_and_goes_on(standing_still, say):
    cluster, load, entry, waiting, since = standing_still
    time.sleep(max(0, since + STOPPED_S - time.monotonic()))
    assert not waiting.done()
    peers = {peer["code"]: peer for peer in cluster.operator_status("FRA")["peers"]}
    assert not peers["JPN"]["sending"] and peers["IND"]["sending"], peers
    say(f"the node of JPN stood still for {time.monotonic() - since:.0f} s; {load.count()} entries became final without it")
    assert load.count() > PER_SECOND * STOPPED_S / 4
    cluster["JPN"].process.send_signal(signal.SIGCONT)
    start = time.monotonic()
    answer = waiting.result(CATCH_UP_S)
    assert answer.leaf_hash == entry.leaf_hash
    say(f"what had been sent to it meanwhile is final {time.monotonic() - start:.1f} s after it goes on")
    load.stop()
    agreed = cluster.wait_for_agreement(at_least=len(load.final) + 1)
    assert cluster.operator_status("JPN")["mode"] == "VOTING"
    check_nothing_is_lost(cluster, {**load.final, ("JPN", entry.sequence): (answer.receipt.index, entry.leaf_hash)})
    say(f"all four agree at height {agreed.height}")
