"""System calls that fail on the database of one node: it stops with one line that says why, and nothing is lost."""

import collections
import contextlib
import signal

import grpc
import pytest

import syscalls
from build import SLOWNESS
from client import Author, file_one
from cluster import Cluster, wait_until
from load import SteadyLoad, check_nothing_is_lost
from steps import why_it_stopped

PER_SECOND = 40
CANNOT_WRITE = "cannot write to the database, so votes could be forgotten: "
CANNOT_WRITE_TABLES = "cannot write the tables of the database: "
WHAT_TO_DO = "; mend the disk, then start the node again"
SAYS = {"EIO": ("Input/output error", "Unexpected error(5)"), "ENOSPC": ("No space left on device",)}

# What a node asks of the kernel on its data folder: what it cannot do without,
NEEDED = {"access", "close", "fcntl", "fdatasync", "fsync", "getdents64", "mkdir", "newfstatat", "openat", "pread64", "read",
          "rename", "write"}
# what it can: room that is not taken ahead or given back, hints, and, while it runs, what only tidies up,
BORNE = {"fadvise64", "fallocate", "ftruncate", "readahead"}
BORNE_RUNNING = BORNE | {"fcntl", "unlink"}
# some of which RocksDB asks when it rewrites tables;
REWRITING = {"fallocate", "ftruncate", "unlink"}
# and what goes either way: a file that is of no use any more may stay while it starts, or may not; of the two that RocksDB
# asks when it makes a file, it takes any error for a bug of its own, where it was built with assertions.
EITHER_WAY = {"unlink", "fstatfs", "sync_file_range"}
# The thread sanitizer's own: it asks what a descriptor is of.
OF_SANITIZERS = {"fstat"} if SLOWNESS > 1 else set()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    syscalls.skip_unless_possible()
    made = Cluster(tmp_path_factory.mktemp("syscalls") / "ledger", heartbeat_s=40)
    for node in made:
        node.environment = syscalls.environment()
    yield made.start()
    made.close()


def file_at(cluster, code):
    client = cluster[code].client()
    return file_one(client, Author(cluster, code).follow(client))[1]


def test_every_call_on_the_data_folder_is_known(cluster, say):
    """Starting, with a log to be replayed, at work, rewriting tables, and stopping."""
    node = cluster["USA"]
    node.kill()
    output = node.folder / "strace.txt"
    node.start(within=syscalls.within_traced("%file,%desc", output, syscalls.database_files(node)))
    for _ in range(3):
        receipt = file_at(cluster, "FRA")
    cluster.wait_for_agreement(at_least=receipt.index + 1)
    assert node.stop()[0] == 0
    calls = syscalls.calls_in(output)
    node.start()
    say(", ".join(f"{call} {count}" for call, count in sorted(calls.items())))
    assert set(calls) <= NEEDED | BORNE | EITHER_WAY | OF_SANITIZERS, "a call that no test makes fail"
    assert {"rename", "write", "fdatasync", "fsync", "unlink"} <= set(calls)


@pytest.mark.parametrize("call, error", [
    ("write", "EIO"), ("write", "ENOSPC"), ("fdatasync", "EIO"),
])
def test_the_log_of_the_database_cannot_be_written(cluster, say, call, error):
    """Under the load of all, its own state too."""
    node = cluster["USA"]
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, follow=True) as load:
        load.wait_for(10)
        with syscalls.failing(node, call, error, syscalls.database_files(node, syscalls.LOGS)):
            line = why_it_stopped(node)
        say(line)
        load.wait_for(PER_SECOND)
        node.start()
        load.wait_for(10)
    cluster.wait_for_agreement(at_least=len(load.final))
    assert cluster.operator_status("USA")["mode"] == "VOTING"
    check_nothing_is_lost(cluster, load.final)
    assert CANNOT_WRITE in line and line.endswith(WHAT_TO_DO)


FAULTS_OF_TABLES = (
    ("openat", "EIO", [syscalls.TABLES]), ("write", "EIO", [syscalls.TABLES]), ("write", "ENOSPC", [syscalls.TABLES]),
    ("fdatasync", "ENOSPC", [syscalls.TABLES]), ("close", "EIO", [syscalls.TABLES]),
    ("newfstatat", "EIO", [syscalls.TABLES]), ("write", "EIO", [syscalls.MANIFESTS]),
    ("fdatasync", "EIO", [syscalls.MANIFESTS]), ("fsync", "EIO", []),
)
# Every fourth start at the latest tables are rewritten, a moment after the next block.
STARTS_MAX = 20


def test_tables_cannot_be_written(cluster, say):
    """One fault after the other, under the load of the others, while RocksDB rewrites tables on its own. Where it was built
    with its assertions, one of them may be faster than the line: nothing is lost by it either."""
    node = cluster["USA"]
    told = 0
    with SteadyLoad(cluster, ["FRA", "IND", "JPN"], PER_SECOND, follow=True) as load:
        for call, error, kinds in FAULTS_OF_TABLES:
            for starts in range(1, STARTS_MAX + 1):
                if node.running():
                    node.kill()
                node.start()
                files = syscalls.database_files(node, *kinds) if kinds else [node.folder / "data/ledger"]
                with syscalls.failing(node, call, error, files), contextlib.suppress(AssertionError):
                    wait_until("the node to end", lambda: not node.running(), SLOWNESS)
                if not node.running():
                    break
            last = node.log().splitlines()[-1]
            say(f"{call}, {starts} starts: {last}")
            if node.process.returncode == -signal.SIGABRT:
                assert "rocksdb::" in last and "Assertion" in last
                node.ended()
                continue
            line = why_it_stopped(node)
            assert (CANNOT_WRITE_TABLES in line or CANNOT_WRITE in line) and line.endswith(WHAT_TO_DO)
            assert SAYS[error][0] in line
            told += CANNOT_WRITE_TABLES in line
        assert told >= len(FAULTS_OF_TABLES) / 2
        node.start()
        load.wait_for(10)
    cluster.wait_for_agreement(at_least=len(load.final))
    assert cluster.operator_status("USA")["mode"] == "VOTING"
    check_nothing_is_lost(cluster, load.final)


def has_or_ended(node, client, size):
    try:
        return client.status().tree_size == size
    except grpc.RpcError:
        return not node.running()


def test_a_read_that_fails_is_no_answer(cluster, say):
    node = cluster["USA"]
    for _ in range(3):
        file_at(cluster, "USA")
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
        file_at(cluster, "FRA")
        # Whether it needs the disk for that depends on what it has read before.
        wait_until("USA to have it too, or to stop", lambda: has_or_ended(node, client, size + 1))
    # A compaction may have to read as well: a few more blocks show it.
    for _ in range(3):
        file_at(cluster, "FRA")
        size += 1
        wait_until("USA to go on, or to have stopped", lambda: has_or_ended(node, client, size + 1))
    if not node.running():
        line = why_it_stopped(node)
        say(line)
        assert ("cannot read the database" in line and "; the node stops: " in line) or (
            CANNOT_WRITE_TABLES in line and WHAT_TO_DO in line)
        node.start()
    cluster.wait_for_agreement(at_least=size + 1)
    assert [entry.index for entry in node.client().entries()] == list(range(size + 1))
    say("the disk can be read again, and so can all entries")


@pytest.mark.parametrize("call, error, which", [
    *((call, "EIO", "1+") for call in sorted(NEEDED)), ("fdatasync", "EIO", "2+"), ("newfstatat", "EIO", "2+"),
    *((call, "ENOSPC", "1+") for call in ("openat", "write", "fdatasync", "rename")),
])
def test_what_fails_while_it_starts(cluster, say, call, error, which):
    node = cluster["USA"]
    if node.running():
        node.kill()  # so that there is a log to be replayed
    start = len(node.log())
    node.start(wait=False, within=syscalls.within_failing(call, error, which, syscalls.database_files(node)))
    line = why_it_stopped(node)
    assert node.log()[start:].count("assent-node: ") == 1
    say(f"{call} {which}: {line}")
    assert str(node.folder / "data") in line and any(words in line for words in SAYS[error])
    assert line.endswith("; mend the disk, then start again")


def test_it_starts_when_all_works_again(cluster):
    cluster["USA"].start()
    size = file_at(cluster, "USA").index + 1
    cluster.wait_for_agreement(at_least=size)
    assert cluster.operator_status("USA")["mode"] == "VOTING"


def test_calls_that_it_can_do_without(cluster, say):
    """All at once, while it starts, and while it runs."""
    node = cluster["USA"]
    node.kill()
    node.start(within=syscalls.within_failing(",".join(BORNE), "EIO", paths=syscalls.database_files(node)))
    cluster.wait_for_agreement(at_least=file_at(cluster, "USA").index + 1)
    seen = collections.Counter()
    for starts in range(1, STARTS_MAX + 1):
        node.kill()
        node.start()
        with syscalls.failing(node, ",".join(BORNE_RUNNING), "EIO", syscalls.database_files(node)) as failed:
            receipt = file_at(cluster, "USA")
            agreed = cluster.wait_for_agreement(at_least=receipt.index + 1)
            with contextlib.suppress(AssertionError):
                wait_until("tables to be rewritten", lambda: REWRITING <= set(seen + failed()), SLOWNESS)
        seen += failed()
        if REWRITING <= set(seen):
            break
    say(f"{starts} starts: it serves, and agrees with the others at height {agreed.height}, for all that failed: {dict(seen)}")
    assert REWRITING <= set(seen)
    node.kill()
    node.start()
    assert cluster.wait_for_agreement().tree_size == agreed.tree_size


@pytest.mark.parametrize("call", sorted(EITHER_WAY))
def test_what_it_may_start_without_or_not(cluster, say, call):
    node = cluster["USA"]
    agreed = cluster.wait_for_agreement()
    node.kill()
    node.start(wait=False, within=syscalls.within_failing(call, "EIO", paths=syscalls.database_files(node)))
    wait_until("it to serve, or to have ended", lambda: not node.running() or node.listens())
    if node.running():
        node.kill()
    else:
        code = node.ended()
        say(f"{call}: exit code {code}, {node.log().splitlines()[-1]}")
        assert code == (1 if call == "unlink" else -signal.SIGABRT)
    node.start()
    assert cluster.wait_for_agreement().tree_size == agreed.tree_size
