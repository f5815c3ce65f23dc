"""A node's operator checks what is on its disk: `assent-node fsck` on databases of nodes that have run."""

import json
import shutil

import pytest

from cluster import ASSENT_NODE, BUILD, CODES, Cluster, run, wait_until
from load import Load

EDIT = BUILD / "tests/functional/edit-database"
ENTRIES = 40


def fsck(node, *flags):
    return run(ASSENT_NODE, "fsck", "--config", node.config, *flags, timeout=180)


def edit(node, *arguments):
    done = run(EDIT, node.folder / "data/ledger", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """The nodes of a ledger, and what fsck says of one while it still runs; then all are stopped."""
    cluster = Cluster(tmp_path_factory.mktemp("fsck") / "ledger", heartbeat_s=40)
    try:
        cluster.start()
        with Load(cluster, CODES[:3]) as load:
            wait_until("some entries", lambda: load.count() >= ENTRIES)
        cluster.agreed = cluster.wait_for_agreement(at_least=len(load.final))
        cluster.wait_for_checkpoint(cluster.agreed.tree_size)
        cluster.while_running = fsck(cluster["FRA"])
        for node in cluster:
            assert node.stop()[0] == 0
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def node(stopped):
    """The node of FRA, as it was when it was stopped."""
    fra = stopped["FRA"]
    kept = fra.folder / "kept"
    if not kept.exists():
        shutil.copytree(fra.folder / "data", kept)
    yield fra
    fra.wipe()
    shutil.copytree(kept, fra.folder / "data")


def test_a_database_in_use_is_refused(stopped):
    done = stopped.while_running
    assert done.returncode == 1
    assert "is in use by another process: stop it first" in done.stderr


def test_every_node_that_has_run_is_good(stopped, say):
    for one in stopped:
        done = fsck(one)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"{stopped.agreed.tree_size}, {stopped.agreed.tree_size} signatures good" in done.stdout
        assert "signed by " in done.stdout
        assert "could not check: whether the journal" in done.stdout
        assert done.stdout.endswith("good: all that could be checked\n")
        say(f"{one.code}: {done.stdout.splitlines()[0]}")


def test_programs_are_told_the_same(node):
    done = fsck(node, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    agreed = node.cluster.agreed
    assert found["good"] is True and found["wrong"] == [] and found["wrong_in_all"] == 0
    assert found["checked_up_to"] == found["height"] >= agreed.height
    assert found["entries"] == found["signatures"] == agreed.tree_size
    assert any("whether the journal" in what for what in found["could_not_check"])
    assert 0 < found["peak_memory_mib"] < 1024

    edit(node, "flip", "state", b"member/JPN".hex(), "0")
    done = fsck(node, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["good"] is False and found["wrong_in_all"] == 1
    assert found["wrong"][0].startswith("state: a member (member/JPN): it is ")


def test_it_changes_nothing(node):
    files = {path: path.read_bytes() for path in (node.folder / "data/ledger").iterdir()}
    assert fsck(node).returncode == 0
    assert {path: path.read_bytes() for path in (node.folder / "data/ledger").iterdir()} == files


@pytest.mark.parametrize("family, offset, found", [
    ("state", 0, "wrong: state: "),
    ("indexes", None, "wrong: indexes: "),
    ("merkle", 3, "wrong: merkle: subtree "),
    ("entries", 40, "wrong: "),
    ("blocks", 200, "wrong: "),
])
def test_a_change_of_one_key_is_found_and_named(node, say, family, offset, found):
    keys = edit(node, "list", family)
    key = keys[len(keys) // 2]
    if offset is None:
        edit(node, "delete", family, key)
    else:
        edit(node, "flip", family, key, str(offset))
    done = fsck(node)
    assert done.returncode == 1, done.stdout
    faults = [line for line in done.stdout.splitlines() if line.startswith("wrong: ")]
    assert faults and faults[0].startswith(found), done.stdout
    assert "damaged: " in done.stdout.splitlines()[-1]
    say(f"{family}: {faults[0]}")


def test_a_state_that_differs_is_named_by_its_key(node):
    edit(node, "flip", "state", b"member/JPN".hex(), "0")
    done = fsck(node)
    assert done.returncode == 1
    assert "wrong: state: a member (member/JPN): it is " in done.stdout
    assert "damaged: 1 fault\n" in done.stdout


def test_a_missing_entry_ends_what_can_be_said(node):
    keys = edit(node, "list", "entries")
    edit(node, "delete", "entries", keys[5])
    done = fsck(node)
    assert done.returncode == 1
    assert "wrong: entries: entry 5 of block " in done.stdout
    assert "could not check: signatures, certificates, rules and tree of blocks " in done.stdout
    assert "could not check: the state" in done.stdout


def test_a_turned_bit_in_a_file_is_found(node, say):
    # Opened for writing, RocksDB puts its log into tables.
    edit(node, "list", "state")
    tables = sorted((node.folder / "data/ledger").glob("*.sst"), key=lambda path: path.stat().st_size)
    damaged = tables[-1]
    content = bytearray(damaged.read_bytes())
    content[len(content) // 3] ^= 0x10
    damaged.write_bytes(content)
    done = fsck(node)
    assert done.returncode == 1
    assert damaged.name in done.stdout + done.stderr, done.stdout + done.stderr
    say((done.stdout + done.stderr).splitlines()[-1])


def test_another_ledgers_act_is_refused(node, tmp_path):
    other = Cluster(tmp_path / "other")
    config = node.config.read_text()
    node.config.write_text(config.replace(str(node.cluster.act), str(other.act)))
    try:
        done = fsck(node)
    finally:
        node.config.write_text(config)
    assert done.returncode == 1
    assert "no founder in" in done.stderr
