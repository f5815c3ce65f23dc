"""Nodes in network namespaces, each with a wire of its own to one bridge: what a node sends can be lost for good, as on
a real network. Nothing of it is reachable from outside the machine, and all of it goes when it is closed."""

import os
import shutil

import pytest

from cluster import Cluster, Node, run

# Kept for tests of networks (RFC 2544): in nobody's way.
SUBNET = "198.18"
PREFIX = 24
PROGRAMS = ("ip", "iptables")


def ip(*arguments):
    done = run("ip", *arguments)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def skip_unless_possible():
    """Says which thing this machine lacks."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        pytest.skip(f"not run: {', '.join(missing)} missing")
    if os.geteuid() != 0:
        pytest.skip("not run: network namespaces need root")
    name = f"assent-try-{os.getpid()}"
    try:
        steps = (["ip", "netns", "add", name], ["ip", "-n", name, "link", "add", "name", "bridge", "type", "bridge"],
                 ["ip", "-n", name, "link", "add", "name", "v", "type", "veth", "peer", "name", "w"],
                 ["ip", "netns", "exec", name, "iptables", "-A", "INPUT", "-m", "statistic", "--mode", "random",
                  "--probability", "0.5", "-j", "DROP"])
        for step in steps:
            done = run(*step)
            if done.returncode != 0:
                pytest.skip(f"not run: {' '.join(step)}: {done.stderr.strip()}")
    finally:
        run("ip", "netns", "del", name)


class NamespaceNode(Node):
    """One that runs in the namespace of its number."""

    def __init__(self, number, *arguments):
        super().__init__(*arguments)
        self.host = f"{self.cluster.subnet}.{number + 2}"
        self.namespace = f"{self.cluster.name}-{number}"
        self.within = ("ip", "netns", "exec", self.namespace)

    def table(self, *arguments):
        done = run("ip", "netns", "exec", self.namespace, "iptables", "-w", *arguments)
        assert done.returncode == 0, done.stderr


class NamespaceCluster(Cluster):
    """The test itself is at `subnet`.1, on the same bridge: it reaches all nodes whatever they lose of each other."""

    def __init__(self, *arguments, **options):
        self.name = f"assent-{os.getpid()}"
        self.subnet = f"{SUBNET}.{os.getpid() % 256}"
        super().__init__(*arguments, **options)

    def make_node(self, number, state, peer_port, client_port):
        return NamespaceNode(number, self, state, peer_port, client_port)

    def start(self):
        hub = f"{self.name}-hub"
        ip("netns", "add", hub)
        ip("-n", hub, "link", "add", "name", "bridge", "type", "bridge")
        ip("-n", hub, "link", "set", "bridge", "up")
        own = f"a{os.getpid()}"  # at most 15 characters
        self._wire(hub, "own", None, own, f"{self.subnet}.1")
        for number, node in enumerate(self):
            ip("netns", "add", node.namespace)
            ip("-n", node.namespace, "link", "set", "lo", "up")
            self._wire(hub, f"port{number}", node.namespace, "wire", node.host)
        return super().start()

    @staticmethod
    def _wire(hub, port, namespace, name, address):
        """From a port of the bridge to an interface of that name in that namespace, or in the test's own."""
        ip("-n", hub, "link", "add", "name", port, "type", "veth", "peer", "name", name, "netns", namespace or str(os.getpid()))
        ip("-n", hub, "link", "set", port, "master", "bridge", "up")
        inside = ("-n", namespace) if namespace else ()
        ip(*inside, "address", "add", f"{address}/{PREFIX}", "dev", name)
        ip(*inside, "link", "set", name, "up")

    def close(self):
        super().close()
        for name in [node.namespace for node in self] + [f"{self.name}-hub"]:
            run("ip", "netns", "del", name)  # with its ends of the wires, which takes the others

    def drop(self, senders, receivers):
        """What these send never arrives at those."""
        for receiver in receivers:
            for sender in senders:
                if sender != receiver:
                    self[receiver].table("-A", "INPUT", "-s", self[sender].host, "-j", "DROP")

    def split(self, *sides):
        for side in sides:
            self.drop(side, [code for other in sides if other is not side for code in other])

    def lose(self, share):
        """Each packet between nodes is lost with this probability."""
        for node in self:
            node.table("-A", "INPUT", "!", "-s", f"{self.subnet}.1", "-m", "statistic", "--mode", "random",
                       "--probability", str(share), "-j", "DROP")

    def lost(self):
        """How many packets have been dropped since the last heal."""
        dropped = 0
        for node in self:
            listed = run("ip", "netns", "exec", node.namespace, "iptables", "-w", "-nvxL", "INPUT").stdout
            dropped += sum(int(line.split()[0]) for line in listed.splitlines() if " DROP " in line)
        return dropped

    def heal(self):
        for node in self:
            node.table("-F", "INPUT")
