"""System calls that fail on the database of one node: it stops with one line that says why, and nothing is lost."""

import pytest

import syscalls
from client import Author, file_one
from load import SteadyLoad, check_nothing_is_lost
from steps import why_it_stopped

PER_SECOND = 40
CANNOT_WRITE = "cannot write to the database, so votes could be forgotten: "
WHAT_TO_DO = "; mend the disk, then start the node again"


@pytest.fixture(scope="module")
def cluster(shared):
    syscalls.skip_unless_possible()
    return shared


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
    ("write", "EIO"), ("write", "ENOSPC"), ("fdatasync", "EIO"), ("fdatasync", "ENOSPC"),
])
def test_the_log_of_the_database_cannot_be_written(cluster, say, call, error):
    def fail(node):
        logs = syscalls.open_files(node, ".log")
        logs = [path for path in logs if "/data/ledger/" in path]
        assert logs, "the node has no log of the database open"
        return syscalls.failing(node, call, error, logs)

    line = stops_and_comes_back(cluster, say, fail)
    assert CANNOT_WRITE in line and line.endswith(WHAT_TO_DO)


def test_the_database_cannot_be_read(cluster, say):
    """What the node has in memory it still gives; the first read of the disk that fails ends it."""
    node = cluster["USA"]
    client = node.client()
    file_one(client, Author(cluster, "USA").follow(client))
    node.kill()
    node.start()  # what was in its log is in tables from here on, and in no cache

    def fail(node):
        reader = node.new_client()
        failing = syscalls.failing(node, "pread64", "EIO")

        class Asking:
            def __enter__(self):
                failing.__enter__()
                try:
                    list(reader.entries())
                except Exception:  # pylint: disable=broad-except
                    pass  # the node ends meanwhile, which is what is awaited

            def __exit__(self, *why):
                reader.close()
                return failing.__exit__(*why)

        return Asking()

    line = stops_and_comes_back(cluster, say, fail)
    assert "cannot read the database" in line and "; the node stops: restore the database" in line


@pytest.mark.parametrize("call, error, which", [
    ("fdatasync", "EIO", "1+"), ("fdatasync", "EIO", "2+"), ("fsync", "EIO", "1+"), ("rename", "EIO", "1+"),
    ("ftruncate", "EIO", "1+"), ("pread64", "EIO", "1+"), ("pread64", "EIO", "5+"),
])
def test_what_fails_while_it_starts(cluster, say, call, error, which):
    """It starts, or says why not; and starts when the call works again."""
    node = cluster["USA"]
    node.kill()  # so that there is a log to be replayed
    start = len(node.log())
    node.start(wait=False, within=syscalls.within_failing(call, error, which))
    line = why_it_stopped(node)
    assert node.log()[start:].count("assent-node: ") == 1
    say(f"{call} {which}: {line}")
    assert str(node.folder / "data") in line
    node.start()
    assert cluster.wait_for_agreement()
