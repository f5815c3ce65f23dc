"""System calls that fail on the database of one node: it stops with one line that says why, and nothing is lost."""

import grpc
import pytest

import syscalls
from client import Author, file_one
from cluster import Cluster, wait_until
from load import SteadyLoad, check_nothing_is_lost
from steps import why_it_stopped

PER_SECOND = 40
CANNOT_WRITE = "cannot write to the database, so votes could be forgotten: "
WHAT_TO_DO = "; mend the disk, then start the node again"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    syscalls.skip_unless_possible()
    made = Cluster(tmp_path_factory.mktemp("syscalls") / "ledger", heartbeat_s=40)
    for node in made:
        node.environment = syscalls.environment()
    yield made.start()
    made.close()


def stops_and_comes_back(cluster, say, fail):
    """Under the load of the others, `fail` makes the node of USA fail. Returns the line that says why it stopped."""
    node = cluster["USA"]
    with SteadyLoad(cluster, ["FRA", "IND", "JPN"], PER_SECOND, follow=True) as load:
        load.wait_for(10)
        with fail(node):
            line = why_it_stopped(node)
        say(line)
        load.wait_for(PER_SECOND)
        node.start()
        load.wait_for(10)
    cluster.wait_for_agreement(at_least=len(load.final))
    assert cluster.operator_status("USA")["mode"] == "VOTING"
    check_nothing_is_lost(cluster, load.final)
    return line


@pytest.mark.parametrize("call, error", [
    ("write", "EIO"), ("write", "ENOSPC"), ("fdatasync", "EIO"),
])
def test_the_log_of_the_database_cannot_be_written(cluster, say, call, error):
    def fail(node):
        logs = syscalls.open_files(node, ".log")
        logs = [path for path in logs if "/data/ledger/" in path]
        assert logs, "the node has no log of the database open"
        return syscalls.failing(node, call, error, logs)

    line = stops_and_comes_back(cluster, say, fail)
    assert CANNOT_WRITE in line and line.endswith(WHAT_TO_DO)


def has_or_ended(node, client, size):
    try:
        return client.status().tree_size == size
    except grpc.RpcError:
        return not node.running()


def test_a_read_that_fails_is_no_answer(cluster, say):
    node = cluster["USA"]
    client = node.client()
    for _ in range(3):
        file_one(client, Author(cluster, "USA").follow(client))
    size = cluster.wait_for_agreement().tree_size
    node.kill()
    node.start()  # what was in its log goes into tables, by way of the cache
    node.stop()
    node.start()  # it is in no cache
    client = node.client()
    with syscalls.failing(node, "pread64", "EIO"):
        with pytest.raises(grpc.RpcError) as failed:
            list(client.entries())
        assert failed.value.code() == grpc.StatusCode.INTERNAL
        assert "cannot read the database" in failed.value.details()
        say(f"a reader is told: {failed.value.details()}")
        line = wait_until("its operator to be told", lambda: next(
            (line for line in node.log().splitlines() if "a read of the database failed" in line), None))
        assert "cannot read the database: IO error" in line, line
        say(f"and so is the operator: {line}")
        file_one(cluster["FRA"].client(), Author(cluster, "FRA").follow(cluster["FRA"].client()))
        # Whether it needs the disk for that depends on what it has read before.
        wait_until("USA to have it too, or to stop", lambda: has_or_ended(node, client, size + 1))
    # What a compaction read meanwhile is told to a write later on: a few more blocks show it.
    for _ in range(3):
        file_one(cluster["FRA"].client(), Author(cluster, "FRA").follow(cluster["FRA"].client()))
        size += 1
        wait_until("USA to go on, or to have stopped", lambda: has_or_ended(node, client, size + 1))
    if not node.running():
        line = why_it_stopped(node)
        say(line)
        assert ("cannot read the database" in line and "; the node stops: " in line) or (
            CANNOT_WRITE in line and line.endswith(WHAT_TO_DO))
        node.start()
    cluster.wait_for_agreement(at_least=size + 1)
    assert [entry.index for entry in node.client().entries()] == list(range(size + 1))
    say("the disk can be read again, and so can all entries")


@pytest.mark.parametrize("call, which", [
    ("fdatasync", "1+"), ("fdatasync", "2+"), ("fsync", "1+"), ("rename", "1+"), ("pread64", "1+"),
])
def test_what_fails_while_it_starts(cluster, say, call, which):
    node = cluster["USA"]
    node.kill()  # so that there is a log to be replayed
    start = len(node.log())
    # Programs are loaded by reads as well.
    tables = sorted((node.folder / "data/ledger").glob("*.sst")) if call == "pread64" else []
    assert tables or call != "pread64"
    node.start(wait=False, within=syscalls.within_failing(call, "EIO", which, tables))
    line = why_it_stopped(node)
    assert node.log()[start:].count("assent-node: ") == 1
    say(f"{call} {which}: {line}")
    assert str(node.folder / "data") in line and "Input/output error" in line
    node.start()
    assert cluster.wait_for_agreement()


def test_calls_that_it_can_do_without(cluster, say):
    """Room that cannot be taken ahead, or not be given back, is no loss."""
    node = cluster["USA"]
    node.kill()
    node.start(within=syscalls.within_failing("ftruncate,fallocate", "EIO"))
    _, receipt = file_one(node.client(), Author(cluster, "USA").follow(node.client()))
    agreed = cluster.wait_for_agreement(at_least=receipt.index + 1)
    say(f"it serves, and agrees with the others at height {agreed.height}")
    node.kill()
    node.start()
    assert cluster.wait_for_agreement().tree_size == agreed.tree_size
