"""Floods of connections: the node goes on for everybody else, and so does the ledger."""

import contextlib
import resource
import socket
import time

import grpc
import pytest

from client import Author, file_one
from cluster import ASSENT_NODE, run, wait_until

FILES_MIN = 4096  # kDescriptorsMin in node/descriptors.h
HANDSHAKE_S = 10  # kHandshakeTimeout


@pytest.fixture(autouse=True)
def room_for_sockets():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * FILES_MIN:
        pytest.skip(f"the flood needs {2 * FILES_MIN} sockets, and there may be {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * FILES_MIN, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def silent_connections(port, count):
    """So many connections that never say anything."""
    with contextlib.ExitStack() as held:
        for _ in range(count):
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        yield


def restart(node, files):
    node.stop()
    node.start(files=files)


def files_as_a_new_client(cluster, node):
    client = node.new_client()
    try:
        file_one(client, Author(cluster, node.code).follow(client))
    finally:
        client.close()


def test_a_low_limit_is_raised(new_cluster, say):
    cluster = new_cluster()
    node = cluster["FRA"]
    say("the node of FRA starts with a soft limit of 256 files, and 400 connections come to each of its ports")
    restart(node, (256, FILES_MIN))
    with silent_connections(node.client_port, 400), silent_connections(node.peer_port, 400):
        files_as_a_new_client(cluster, node)
    say("they go: it serves, and all commit")
    files_as_a_new_client(cluster, node)
    wait_until("the peers of FRA to be connected", lambda: all(
        peer["sending"] and peer["receiving"] for peer in cluster.operator_status("FRA")["peers"]))
    cluster.wait_for_agreement(at_least=2)


def test_a_limit_that_is_too_low_is_refused(new_cluster, say):
    cluster = new_cluster(codes=("FRA",))
    node = cluster["FRA"]
    node.stop()
    say("a node that may have 1,024 files says so and does not start")
    few = (1024, 1024)
    done = run(ASSENT_NODE, "run", "--config", node.config,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, few))
    assert done.returncode == 1
    assert done.stderr == ("assent-node: at most 1024 files and connections may be open, which is too few: raise the "
                           "hard limit (ulimit -Hn, LimitNOFILE) to 4096 or more\n")


def test_more_connections_than_there_is_room_for(new_cluster, say):
    cluster = new_cluster()
    node = cluster["FRA"]
    restart(node, (FILES_MIN, FILES_MIN))
    client = node.client()
    author = Author(cluster, "FRA").follow(client)
    for port, name in ((node.client_port, "client"), (node.peer_port, "peer")):
        say(f"more silent connections to the {name} port than the node may have files")
        with silent_connections(port, FILES_MIN + 500):
            say("who is connected already files, and the database goes on")
            for _ in range(20):
                file_one(client, author)
            say("the silent ones are hung up on, and new clients are served")
            deadline = time.monotonic() + 6 * HANDSHAKE_S
            while True:
                try:
                    files_as_a_new_client(cluster, node)
                    break
                except (OSError, grpc.RpcError):
                    assert time.monotonic() < deadline, "no new client is served"
                    time.sleep(1)
            author.follow(client)
    say("the peers have not lost it")
    wait_until("the peers of FRA to be connected", lambda: all(
        peer["sending"] and peer["receiving"] for peer in cluster.operator_status("FRA")["peers"]))
    cluster.wait_for_agreement()
    code, seconds = node.stop()
    assert code == 0 and seconds < 5
