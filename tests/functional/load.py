"""Several authors that file without pause, and remember what they were told."""

import random
import threading

import grpc

from client import Author, notification

# An author gives a node so long before it sends the same bytes to another one.
ANSWER_S = 10


class Load:
    """One thread for each author. What a node answered as final is in `final`: (author, sequence) -> (index, leaf)."""

    def __init__(self, cluster, codes=None, seed=0):
        self.cluster = cluster
        self.final = {}
        self.retries = 0
        self.faults = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._guard, args=(code, random.Random(f"{seed}{code}")), daemon=True)
                         for code in codes or cluster.nodes]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def stop(self):
        """Every author gets the answer to what it has sent."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "an author still waits for an answer"
        assert not self.faults, self.faults

    def count(self):
        with self._lock:
            return len(self.final)

    def _guard(self, code, choose):
        try:
            self._file(code, choose)
        except Exception as error:  # pylint: disable=broad-except
            self.faults.append(f"{code}: {type(error).__name__}: {error}")

    def _file(self, code, choose):
        author = Author(self.cluster, code)
        node, client = self.cluster[code], None
        while not self._stopping.is_set():
            entry = author.prepare(notification())
            while True:  # the same bytes, until a node says that they are final
                try:
                    client = client or node.new_client()
                    answer = client.submit(entry, timeout=ANSWER_S)
                    break
                except (grpc.RpcError, OSError) as error:
                    reason = getattr(error, "code", lambda: None)()
                    if reason not in (None, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED,
                                      grpc.StatusCode.CANCELLED):
                        raise
                    if client:
                        client.close()
                    with self._lock:
                        self.retries += 1
                    node, client = choose.choice(list(self.cluster)), None
                    self._stopping.wait(0.1)
            author.keep(entry)
            with self._lock:
                self.final[code, entry.sequence] = (answer.receipt.index, entry.leaf_hash)
        if client:
            client.close()


def check_nothing_is_lost(nodes, final):
    """Everything that was answered as final is where it was said to be, on each of these nodes."""
    assert final
    for node in nodes:
        ledger = {entry.index: entry.leaf_hash for entry in node.client().entries()}
        assert sorted(ledger) == list(range(len(ledger)))
        for name, (index, leaf_hash) in final.items():
            assert ledger.get(index) == leaf_hash, f"{node.code}: {name} was final at {index}, and is not there"
