"""Static tiles: whoever has nothing but HTTP reads the whole log and computes every hash of it; nothing else is served,
and no body."""

import http.client
import shutil
import socket

import pytest

from client import CALL_TIMEOUT_S, Author, notification
from clocks import DAY_S
from cluster import ASSENT_NODE, PATIENCE_S, Cluster, free_ports, run, wait_until
from protos import entry as entry_pb

QUORUM = 3
WIDTH = 256
ENTRIES = WIDTH + 40
MARKER = "a body that no tile may hold"


def get(port, path, method="GET", timeout=CALL_TIMEOUT_S):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.fixture(name="tiled", scope="module")
def tiled_ledger(tmp_path_factory):
    """A ledger of more than one tile, and the port at which a node serves them."""
    cluster = Cluster(tmp_path_factory.mktemp("tiles") / "ledger", heartbeat_s=DAY_S)
    (port,) = free_ports(1)
    with open(cluster["FRA"].config, "a", encoding="utf-8") as file:
        file.write(f'tiles.listen = "127.0.0.1:{port}"\n')
    try:
        cluster.start()
        assert get(port, "/checkpoint")[0] == 404, "nothing has been signed yet"
        client = cluster["FRA"].client()
        author = Author(cluster, "FRA")
        for i in range(ENTRIES):
            body = notification(reference=f"{MARKER} {i}")
            body.visibility = entry_pb.MEMBERS if i % 2 else entry_pb.PUBLIC
            # So many at once that they share blocks, and no more than a node lets wait.
            last_of_many = i % 100 == 99 or i == ENTRIES - 1
            client.submit(author.keep(author.prepare(body)), wait=last_of_many, timeout=2 * PATIENCE_S)
        cluster.wait_for_checkpoint(ENTRIES)
        yield cluster, port
    finally:
        cluster.close()


@pytest.fixture(name="keys", scope="module")
def verifier_keys(tiled, tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "vkeys"
    path.write_text(tiled[0].cli("FRA", "members", "--vkeys").stdout)
    return path


def paths():
    yield "tile/entries/000"
    yield f"tile/entries/001.p/{ENTRIES - WIDTH}"
    yield "tile/0/000"
    yield f"tile/0/001.p/{ENTRIES - WIDTH}"
    yield "tile/1/000.p/1"


def test_go_reads_every_tile_and_computes_the_root(tiled, verifier, keys, say):
    cluster, port = tiled
    done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-tiles", f"http://127.0.0.1:{port}")
    assert done.returncode == 0, done.stderr
    say(f"Go: {done.stdout.strip()}")
    root = cluster["JPN"].client().status().root
    assert done.stdout.startswith(f"functional.example/assent size {ENTRIES} root {root.hex()} ")
    assert done.stdout.strip().endswith(f"tiles {len(list(paths()))}")


def test_a_tile_is_kept_for_ever_and_a_checkpoint_is_not(tiled):
    _, port = tiled
    for path in paths():
        status, headers, body = get(port, f"/{path}")
        assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
        assert "immutable" in headers["Cache-Control"] and headers["Content-Length"] == str(len(body))
        assert MARKER.encode() not in body
        head = get(port, f"/{path}", "HEAD")
        assert (head[0], head[1]["Content-Length"], head[2]) == (200, headers["Content-Length"], b"")
    status, headers, body = get(port, "/checkpoint")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert headers["Cache-Control"] == "no-cache" and body.startswith(b"functional.example/assent\n")


def test_what_is_not_there_yet_is_not_kept(tiled):
    _, port = tiled
    for path in ("tile/entries/001", f"tile/entries/001.p/{ENTRIES - WIDTH + 1}", "tile/0/001", "tile/0/002.p/1",
                 "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1", "tile/0/x999/x999/x999/999"):
        status, headers, _ = get(port, f"/{path}")
        assert (status, headers["Cache-Control"]) == (404, "no-cache"), path


def test_nothing_else_is_served(tiled):
    _, port = tiled
    for path in ("/", "//checkpoint", "/checkpoint/", "/checkpoint?x", "/%63heckpoint", "/tile/0/0", "/tile/0/000.p/256",
                 "/tile/0/../0/000", "/../../../../etc/passwd", "/metrics", "/tile/0/" + "x001/" * 300 + "000"):
        assert get(port, path)[0] in (400, 404), path
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert get(port, "/checkpoint", method)[0] == 405, method
    with socket.create_connection(("127.0.0.1", port), timeout=CALL_TIMEOUT_S) as connection:
        connection.sendall(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n")
        assert not connection.recv(100).startswith(b"HTTP/1.1 200")


def test_who_connects_and_says_nothing_holds_nobody_up_for_long(tiled, say):
    _, port = tiled
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(12)]
    try:
        assert get(port, "/checkpoint", timeout=PATIENCE_S)[0] == 200
        say("answered beside twelve that said nothing")
    finally:
        for connection in silent:
            connection.close()


def test_others_than_this_machine_read_them_only_when_that_is_said(tiled):
    cluster, _ = tiled
    wrong = cluster["JPN"].folder / "beyond.toml"
    wrong.write_text(cluster["JPN"].config.read_text() + 'tiles.listen = "0.0.0.0:7405"\n')
    done = run(ASSENT_NODE, "check", "--config", wrong)
    assert done.returncode == 1 and "tiles.beyond_loopback" in done.stdout


def test_tiles_are_files_for_any_web_server(tiled, verifier, keys, tmp_path, say):
    cluster, port = tiled
    node = cluster["IND"]
    folder = tmp_path / "www"
    command = (ASSENT_NODE, "tiles", "--config", node.config, "--out", folder)
    assert run(*command).returncode == 1, "the node runs"
    node.stop()
    done = run(*command)
    assert done.returncode == 0, done.stderr
    say(done.stdout.strip())
    for path in paths():
        assert (folder / path).read_bytes() == get(port, f"/{path}")[2]
    verify = (verifier, "-vkeys", keys, "-quorum", QUORUM, "-tiles")
    assert run(*verify, folder).returncode == 0
    written = (folder / "tile/0/000").stat().st_mtime_ns
    assert run(*command).returncode == 0
    assert (folder / "tile/0/000").stat().st_mtime_ns == written, "a full tile was written again"

    say("no file can be changed or missing")
    for path in ("checkpoint", *paths()):
        other = tmp_path / "changed"
        shutil.copytree(folder, other)
        data = bytearray((other / path).read_bytes())
        data[len(data) // 2] ^= 1
        (other / path).write_bytes(data)
        assert run(*verify, other).returncode == 1, path
        (other / path).unlink()
        assert run(*verify, other).returncode == 1, path
        shutil.rmtree(other)
    node.start()
    wait_until("the node is back", lambda: node.client().status().tree_size == ENTRIES)
