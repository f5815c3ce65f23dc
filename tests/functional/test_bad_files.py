"""What an operator can get wrong with a node: it is said in one line that helps, with exit code 1, and 2 for usage."""

import shutil
import socket

import pytest

import ledger_format as lf
from cluster import ASSENT_NODE, Cluster, run


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

    for name, content in (("CURRENT", b"nonsense\n"), ("MANIFEST-*", b""), ("MANIFEST-*", b"\x00" * 4096),
                          ("MANIFEST-*", None), ("*.log", None)):
        damage(name, content)
        found_wrong(node, str(ledger))
        refused(node, "run", str(ledger))
    damage("CURRENT", None)
    refused(node, "run", "is not the database of a ledger")


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
