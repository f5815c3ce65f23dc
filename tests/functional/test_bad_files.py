"""What an operator can get wrong with a node: it is said in one line that helps, with exit code 1, and 2 for usage."""

import collections
import contextlib
import os
import pathlib
import shutil
import socket

import grpc
import pytest

import ledger_format as lf
from client import Author, file_one
from cluster import ASSENT_NODE, Cluster, run, wait_until


@pytest.fixture
def node(tmp_path):
    """One node of a ledger that has not been started."""
    return Cluster(tmp_path / "ledger")["FRA"]


def refused(node, command, says, *flags, config=None):
    done = run(ASSENT_NODE, command, "--config", config or node.config, *flags)
    assert done.returncode == 1, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    lines = done.stderr.strip().splitlines()
    assert lines[-1].startswith("assent-node: ") and says in lines[-1], done.stderr
    assert "terminate" not in done.stderr and "Aborted" not in done.stderr


def found_wrong(node, says, config=None):
    """`check` says this among all that it finds."""
    done = run(ASSENT_NODE, "check", "--config", config or node.config, "--no-peers")
    assert done.returncode == 1, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    wrong = [line for line in done.stdout.splitlines() if line.startswith("wrong ")]
    assert any(says in line for line in wrong), done.stdout
    assert done.stderr.startswith(f"assent-node: not ready: {len(wrong)} wrong"), done.stderr


def checks_good(node):
    done = run(ASSENT_NODE, "check", "--config", node.config, "--no-peers")
    assert done.returncode == 0, done.stdout + done.stderr


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_usage():
    for arguments in ([], ["fly"], ["run"], ["run", "--config"], ["run", "--config", "x", "--fast"], ["init"]):
        assert run(ASSENT_NODE, *arguments).returncode == 2, arguments
    for arguments in (["--help"], ["run", "--help"], ["--version"]):
        assert run(ASSENT_NODE, *arguments).returncode == 0, arguments


@pytest.mark.parametrize("old, new, says", [
    ('data_dir = "data"', 'data_dir = "data', ":1: "),
    ('data_dir = "data"', "", "data_dir is missing"),
    ('data_dir = "data"', "data_dir = 7", ":1: data_dir must be a string"),
    ('data_dir = "data"', 'data_dir = ""', ":1: data_dir: a path is needed"),
    ('data_dir = "data"', 'data_dir = "data"\ndatadir = "x"', ":2: unknown key datadir"),
    ('data_dir = "data"', 'data_dir = "data"\nlog.level = "loud"', ':2: log.level: "loud" is no log level'),
    ('client.listen = "127.0.0.1:', 'client.listen = "127.0.0.1:x', "is not host:port"),
    ('client.listen = "127.0.0.1:', 'client.listen = "127.0.0.1:1:', "is not host:port"),
    ('client.listen = "127.0.0.1:', 'client.listen = "', "is not host:port"),
    ('client.listen = "127.0.0.1:', 'client.listen = "127.0.0.1:9', "is not host:port"),
    ("node.seed", "no.such.seed", "cannot open"),
    ("act.txt", "no-act.txt", "cannot open"),
    ("act.txt", ".", "cannot read"),
])
def test_configuration(node, old, new, says):
    node.init("--new-seed")
    change(node.config, old, new)
    found_wrong(node, says)
    refused(node, "run", says)


def test_configuration_that_is_no_text(node):
    for config in (node.folder / "none.toml", node.folder):
        found_wrong(node, "no such configuration file", config)
        refused(node, "run", "no such configuration file", config=config)
    node.config.write_bytes(bytes(range(256)))
    found_wrong(node, f"{node.config}:")
    refused(node, "run", f"{node.config}:")


def test_founding_act(node):
    act = node.cluster.act
    good = act.read_text()
    wrong = {
        "line 1: ": "",
        "the line has no end": good[:200],
        "not complete; signatures missing: USA reader": good[:good.rindex("USA reader")],
        "does not verify": good.replace("State of USA", "State of UXA"),
        "not in the one form": good.replace("heartbeat, seconds: 60", "heartbeat, seconds: 060"),
        "the number is too large": good.replace("heartbeat, seconds: 60", "heartbeat, seconds: 99999999999"),
        "expected": good.replace("PARAMETERS", "PARAMETRES"),
        "is not the base64": good[:-3] + "\n",
        "larger than": good * 500,
    }
    for says, text in wrong.items():
        act.write_text(text)
        refused(node, "init", says, "--new-seed")
    act.write_bytes(b"\xff" * 100)
    refused(node, "init", "line 1: ", "--new-seed")
    assert not (node.folder / "data").exists()


def test_node_seed(node):
    seed = node.folder / "node.seed"
    good = seed.read_text()
    seed.chmod(0o644)
    refused(node, "init", "others may use it (mode 0644): chmod 600", "--new-seed")
    seed.chmod(0o600)
    stranger = lf.State("FRA", "another")
    for says, text in {
        "not a key file of this version, or damaged: line 1": "seed\n",
        "line seed": good[:-10],
        "the public key is not that of the seed": good.replace(node.state.public("vote").hex(), "ab" * 32),
        "this is the file of a reader key; a node key is needed here": (node.folder / "reader.key").read_text(),
        "a node key is needed": (node.folder / "authority.key").read_text(),
        "no founder in": lf.plain_key_file("node", stranger.public("vote"), stranger.node_seed),
    }.items():
        seed.write_text(text)
        refused(node, "init", says, "--new-seed")
    seed.unlink()
    seed.symlink_to("/dev/zero")
    refused(node, "init", "is not a regular file", "--new-seed")


def test_database(node, tmp_path):
    refused(node, "run", "make it with assent-node init")
    found_wrong(node, "make it with assent-node init")
    refused(node, "init", "--no-later-copy is for a ledger of one", "--no-later-copy")
    node.init("--new-seed")
    checks_good(node)
    refused(node, "init", "is not empty", "--new-seed")
    refused(node, "init", "is not empty")

    other = Cluster(tmp_path / "other")["FRA"]
    other.init("--new-seed")
    mine = node.folder / "data"
    mine.rename(node.folder / "mine")
    shutil.copytree(other.folder / "data", mine)
    refused(node, "run", f"belongs to ledger {other.cluster.ledger_id.hex()}")
    found_wrong(node, f"belongs to ledger {other.cluster.ledger_id.hex()}")


def test_check_changes_nothing(node):
    node.init("--new-seed")
    files = sorted(path for path in (node.folder / "data").rglob("*") if path.is_file())
    before = [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in files]
    checks_good(node)
    after = sorted(path for path in (node.folder / "data").rglob("*") if path.is_file())
    assert [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in after] == before


def test_damaged_database(node):
    node.init("--new-seed")
    ledger = node.folder / "data" / "ledger"
    keep = node.folder / "keep"
    shutil.copytree(ledger, keep)

    def damage(name, content):
        shutil.rmtree(ledger)
        shutil.copytree(keep, ledger)
        paths = sorted(ledger.glob(name))
        assert paths
        for path in paths:
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)

    for name, content in (("CURRENT", b"nonsense\n"), ("CURRENT", None), ("MANIFEST-*", b""), ("MANIFEST-*", b"\x00" * 4096),
                          ("MANIFEST-*", None), ("*.log", None)):
        damage(name, content)
        found_wrong(node, str(ledger))
        refused(node, "run", f"{ledger} is ")


def flip(path):
    """One bit, in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


LOG = "[0-9]*.log"
KINDS = ("*.sst", "MANIFEST-*", "CURRENT", LOG, "OPTIONS-*", "IDENTITY")
# RocksDB writes these two anew, and nothing is read from them.
NOT_NEEDED = {"OPTIONS-*", "IDENTITY"}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A ledger of one, killed at work after some restarts: its database has tables, and a log that has not become one."""
    cluster = Cluster(tmp_path_factory.mktemp("loaded") / "ledger", codes=("FRA",))
    node = cluster["FRA"]
    node.init("--new-seed")
    author = Author(cluster, "FRA")
    for _ in range(3):
        node.start()
        for _ in range(5):
            file_one(node.client(), author)
        node.kill()
    shutil.copytree(node.folder / "data", node.folder / "keep")
    cluster.size = author.sequence
    node.start()
    cluster.leaves = [entry.leaf_hash for entry in node.client().entries()]
    assert len(cluster.leaves) == cluster.size
    node.kill()
    yield cluster
    cluster.close()


def put_back(node):
    node.wipe()
    shutil.copytree(node.folder / "keep", node.folder / "data")
    return node.folder / "data/ledger"


def answers(node):
    """What it says of all entries, or None when it says that it cannot."""
    try:
        return [entry.leaf_hash for entry in node.client().entries()]
    except grpc.RpcError as error:
        assert error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS, grpc.StatusCode.UNAVAILABLE), error
        return None
    except OSError:
        return None  # it has ended


def says_why(node, start):
    """Its log since `start` has one line that says what is wrong and what to do, and no other end."""
    log = node.log()[start:]
    lines = [line for line in log.splitlines() if line.startswith("assent-node: ") or " error " in line]
    assert lines and "Assertion" not in log and "terminate" not in log, log[-2000:]
    assert "is damaged" in lines[-1] or "cannot read the database" in lines[-1], log
    advised = lines[-1].rstrip('"').endswith("restore it, or copy it from another node")
    assert advised or "a read of the database failed" in lines[-1], log
    return lines[-1]


@pytest.mark.parametrize("damage", [flip, cut, pathlib.Path.unlink], ids=["flipped", "cut", "removed"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_has_run_is_damaged(loaded, say, kind, damage):
    """Files of that kind, each alone: the node refuses it or says so, or has all that it has ever answered as final."""
    node = loaded["FRA"]
    ends = collections.Counter()
    names = sorted(path.name for path in put_back(node).glob(kind) if path.stat().st_size > 0)[::3]
    assert names, f"there is no {kind}"
    for name in names:
        ledger = put_back(node)
        damage(ledger / name)
        start = len(node.log())
        node.start(wait=False)
        wait_until("it to serve or end", lambda: not node.running() or node.listens())
        entries = answers(node) if node.running() else None
        if node.running():
            node.kill()
        else:
            assert node.ended() == 1, node.log()[start:]
        if entries is not None:
            # A log that ends early is as if the power had gone earlier: only others can know better (see below).
            size = len(entries) if kind == LOG and damage is not flip else loaded.size
            assert entries == loaded.leaves[:size], f"{name}: a wrong answer"
            ends["works"] += 1
        else:
            say(f"{name}: {says_why(node, start)}")
            ends["says why"] += 1
    say(f"{kind} {dict(ends)}")
    if kind in NOT_NEEDED or (kind == LOG and damage is not flip):
        assert not ends["says why"]
    else:
        assert ends["says why"] and (kind == "*.sst" or not ends["works"])


@pytest.mark.parametrize("damage", [cut, pathlib.Path.unlink], ids=["cut", "removed"])
def test_a_log_that_ends_early_is_brought_up_to_date(new_cluster, say, damage):
    """The node may have forgotten votes, and is told so by the others."""
    cluster = new_cluster(heartbeat_s=40)
    node, client = cluster["USA"], cluster["FRA"].client()
    author = Author(cluster, "FRA")
    for _ in range(20):
        file_one(client, author)
    agreed = cluster.wait_for_agreement()
    node.kill()
    damage(max((node.folder / "data/ledger").glob(LOG)))
    node.start()
    file_one(client, author)
    cluster.wait_for_agreement(at_least=agreed.tree_size + 1)
    wait_until("USA to find out", lambda: " info restoring\n" in node.log())

    def votes():
        file_one(client, author)
        return cluster.operator_status("USA")["mode"] == "VOTING"

    wait_until("USA to be VOTING", votes)
    cluster.wait_for_agreement()
    assert all(cluster.operator_status(other.code).get("evidence", 0) == 0 for other in cluster)
    assert answers(node) == [entry.leaf_hash for entry in client.entries()]
    say("it abstained until the others had told it what it has voted, and has all entries")


def test_a_table_is_damaged_under_a_running_node(loaded, say):
    node = loaded["FRA"]
    ledger = put_back(node)
    node.start()
    node.stop()
    node.start()  # nothing is in its cache but what starting reads
    start = len(node.log())
    damaged = set()
    while new := set(ledger.glob("*.sst")) - damaged:
        for path in new:
            with contextlib.suppress(FileNotFoundError), open(path, "r+b") as file:  # in place: the node has it open
                content = bytearray(file.read())
                for at in range(64, len(content), 512):
                    content[at] ^= 0x10
                file.seek(0)
                file.write(content)
        damaged |= new
    assert answers(node) is None
    say(says_why(node, start))
    if node.running():
        node.kill()
    else:
        assert node.ended() == 1


def test_what_another_process_holds(node):
    node.init("--new-seed")
    node.start()
    try:
        checks_good(node)  # it is asked itself
        refused(node, "run", "is in use by another process")
        refused(node, "fsck", "is in use by another process")
        change(node.config, "admin.sock", "other.sock")
        found_wrong(node, "is in use by another process")
        change(node.config, "other.sock", "admin.sock")
        assert node.serves()
    finally:
        node.stop()
    for port in (node.peer_port, node.client_port):
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
            refused(node, "run", f"127.0.0.1:{port}")
    node.start()
    assert node.stop()[0] == 0
