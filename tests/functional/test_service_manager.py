"""What a node tells the service manager that starts it (sd_notify): a socket of the test is the manager."""

import os
import socket
import threading
import time

import pytest

import threads
from cluster import ASSENT_NODE, Cluster, run, wait_until

WATCHDOG_S = 4


class Manager:
    """Hears what the node says."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(0.2)
        self.heard = []  # (when, what)
        self.ending = False
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def environment(self):
        return {**os.environ, "NOTIFY_SOCKET": str(self.path), "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)}

    def listen(self):
        while not self.ending:
            try:
                self.heard.append((time.monotonic(), self.socket.recv(4096).decode()))
            except TimeoutError:
                pass

    def end(self):
        self.ending = True
        self.thread.join()
        self.socket.close()

    def times(self, what):
        return [when for when, said in list(self.heard) if said == what]

    def said(self, begin):
        return [said for _, said in list(self.heard) if said.startswith(begin)]


@pytest.fixture
def manager(tmp_path):
    manager = Manager(tmp_path / "notify.sock")
    yield manager
    manager.end()


@pytest.fixture
def node(tmp_path):
    """Of four, alone: it makes no block, so that nothing but the watchdog asks for turns."""
    node = Cluster(tmp_path / "ledger")["FRA"]
    node.init("--new-seed")
    yield node
    if node.running():
        node.kill()


def test_a_node_is_ready_alive_only_with_its_replica_and_stops(node, manager, say):
    node.start(environment=manager.environment())
    say("it is ready once it serves, and says what it does")
    wait_until("READY=1", lambda: manager.times("READY=1"))
    wait_until("a status", lambda: manager.said("STATUS="))
    assert manager.said("STATUS=")[0].startswith("STATUS=FRA of functional.example/assent: votes at height 0, 0 of ")

    say("it is alive, again and again, also with nothing to do")
    time.sleep(2 * WATCHDOG_S)
    alive = manager.times("WATCHDOG=1")
    gaps = [later - earlier for earlier, later in zip(alive, alive[1:])]
    assert len(alive) >= 4 and max(gaps) < WATCHDOG_S, gaps

    say("its replica hangs: the node still takes connections, but is not alive")
    with threads.held(node.process.pid, "replica"):
        held = time.monotonic()
        time.sleep(2 * WATCHDOG_S)
        assert node.serves()
        assert not [when for when in manager.times("WATCHDOG=1") if when > held + 0.5]
    wait_until("it to be alive again", lambda: manager.times("WATCHDOG=1")[-1] > held + 0.5)

    say("it has told how it goes meanwhile, and says that it stops")
    assert manager.said("STATUS=")[-1].endswith("0 of 3 peers connected")
    assert not manager.times("STOPPING=1")
    assert node.stop()[0] == 0
    wait_until("STOPPING=1", lambda: manager.times("STOPPING=1"))
    assert len(manager.times("READY=1")) == 1


def test_a_node_that_cannot_start_is_never_ready(node, manager):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.client_port))
        taken.listen()
        done = run(ASSENT_NODE, "run", "--config", node.config, env=manager.environment())
    assert done.returncode == 1 and "cannot listen" in done.stderr
    assert not manager.times("READY=1") and not manager.times("WATCHDOG=1")
