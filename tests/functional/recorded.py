"""Ledgers that were recorded by tests/recorded/record, and nodes that go on from their folders."""

import pathlib
import re
import socket
import tarfile

import nacl.signing

import ledger_format as lf
from cluster import ROOT, Cluster, Node

RECORDINGS = sorted((ROOT / "tests/recorded").glob("*.tar.gz"))
# Their addresses stand in the founding act, which cannot be changed: of the loopback net, where nothing else listens.
HOSTS = "127.71.7.{}"
PEER_PORT, CLIENT_PORT = 7401, 7402


class RecordedNode(Node):
    def __init__(self, number, cluster, state):
        self.host = HOSTS.format(number + 1)
        super().__init__(cluster, state, PEER_PORT, CLIENT_PORT)


class RecordedCluster(Cluster):
    """As it was unpacked; nothing runs yet."""

    def __init__(self, archive, folder):  # pylint: disable=super-init-not-called
        self.folder = pathlib.Path(folder)
        with tarfile.open(archive) as packed:
            packed.extractall(self.folder)
        self.act = self.folder / "act.txt"
        self.kept = self.folder / "kept"
        signed = self.act.read_bytes().partition(b"-- signatures --")[0]
        self.ledger_id = lf.sha256(signed)
        codes = re.findall(r"^FOUNDER (\w+)$", self.act.read_text(), re.MULTILINE)
        self.states = [self._state(code) for code in codes]
        self.nodes = {state.code: RecordedNode(number, self, state) for number, state in enumerate(self.states)}

    def addresses_are_free(self):
        """Nobody else on this machine runs the same recording just now."""
        sockets = []
        try:
            for node in self:
                for port in (node.peer_port, node.client_port):
                    sockets.append(socket.socket())
                    sockets[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    sockets[-1].bind((node.host, port))
            return True
        except OSError:
            return False
        finally:
            for one in sockets:
                one.close()

    def _state(self, code):
        """Without its authority key, which `assent` opens."""
        def seed(name):
            text = (self.folder / code / name).read_text()
            return bytes.fromhex(re.search(r"^seed: (\w+)$", text, re.MULTILINE).group(1))

        state = lf.State(code, f"State of {code}", reader=nacl.signing.SigningKey(seed("reader.key")))
        state.node_seed = seed("node.seed")
        state.keys |= lf.node_keys(state.node_seed)
        return state
