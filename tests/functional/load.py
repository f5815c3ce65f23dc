"""Several authors that file without pause, and remember what they were told."""

import collections
import queue
import random
import threading
import time

import grpc

from build import SLOWNESS
from client import Author, notification, refusal_of
from cluster import PATIENCE_S, wait_until

# An author gives a node so long before it sends the same bytes to another one.
ANSWER_S = 10
# Entries of one author that a steady load lets be under way at once: fewer than a node lets wait.
UNDER_WAY_MAX = 256
FILE_S = 120 * SLOWNESS
POLL_S = 0.005
# A node that is behind refuses what refers to an entry that it does not have yet: so often others are tried.
REFUSALS_MAX = 20


def is_passing(error):
    """True when the same bytes may be sent again: the node or the way to it failed, not the entry."""
    return isinstance(error, OSError) or error.code() in (
        grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED)


class Load:
    """One thread for each author. What a node answered as final is in `final`: (author, sequence) -> (index, leaf)."""

    def __init__(self, cluster, codes=None, seed=0, follow=False):
        """`follow`: they go on where the ledger is; each one's own node must be up to say so."""
        self.cluster = cluster
        self.authors = {code: Author(cluster, code) for code in codes or cluster.nodes}
        for author in self.authors.values() if follow else ():
            author.follow(cluster[author.code].client())
        self.final = {}
        self.retries = 0
        self.faults = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._abandoned = False
        self._threads = [threading.Thread(target=self._guard, args=(code, random.Random(f"{seed}{code}")), daemon=True)
                         for code in self.authors]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, *exception):
        if kind is None:
            self.stop()
        else:  # what has happened is worth more than the answers
            self._abandoned = True
            self._stopping.set()

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

    def wait_for(self, count, seconds=PATIENCE_S):
        """Waits until so many more entries are final."""
        before = self.count()

        def enough():
            assert not self.faults, self.faults
            return self.count() >= before + count

        wait_until(f"{count} more entries to become final", enough, seconds)

    def _guard(self, code, choose):
        try:
            self._file(code, choose)
        except Exception as error:  # pylint: disable=broad-except
            self.faults.append(f"{code}: {type(error).__name__}: {error}"[:1000])

    def _file(self, code, choose):
        author = self.authors[code]
        node, client = self.cluster[code], None
        while not self._stopping.is_set():
            entry = author.prepare(notification())
            while not self._abandoned:  # the same bytes, until a node says that they are final
                try:
                    client = client or node.new_client()
                    answer = client.submit(entry, timeout=ANSWER_S)
                    break
                except (grpc.RpcError, OSError) as error:
                    if not is_passing(error):
                        raise
                    if client:
                        client.close()
                    with self._lock:
                        self.retries += 1
                    node, client = choose.choice(list(self.cluster)), None
                    self._stopping.wait(0.1)
            if self._abandoned:
                break
            author.keep(entry)
            with self._lock:
                self.final[code, entry.sequence] = (answer.receipt.index, entry.leaf_hash)
        if client:
            client.close()


class SteadyLoad(Load):
    """Entries that are due at a fixed rate, whatever the answers do: the authors take turns, and each sends the next
    before the one before is answered. When a node fails an author, it sends all that is unanswered to another one."""

    def __init__(self, cluster, codes, per_second, seed=0, follow=False):
        super().__init__(cluster, codes, seed, follow)
        self.pause_s = len(codes) / per_second
        self.sent = 0
        self.receipts = {}  # of each epoch, the first and the newest
        self.longest_pause_s = 0.0
        self._asked = {code: queue.SimpleQueue() for code in codes}
        self._start = self._newest = time.monotonic()
        self.seconds = 0.0

    def stop(self):
        self.seconds = self.seconds or time.monotonic() - self._start
        super().stop()

    def file(self, code, body):
        """Puts this into the author's stream, and returns its index when it is final."""
        answer = queue.SimpleQueue()
        self._asked[code].put((body, answer))
        deadline = time.monotonic() + FILE_S
        while True:
            try:
                return answer.get(timeout=1)
            except queue.Empty:
                assert not self.faults, self.faults
                assert time.monotonic() < deadline, f"{code} waited {FILE_S} s for an entry to become final"

    def _file(self, code, choose):
        author = self.authors[code]
        node, client = self.cluster[code], None
        unanswered = collections.deque()  # [entry, its call, who waits for it], in the order of sending
        due, refusals = self._start, 0
        while not self._abandoned and (unanswered or not self._stopping.is_set()):
            try:
                client = client or node.new_client()
                for sent in unanswered:
                    sent[1] = sent[1] or client.submit_later(sent[0], ANSWER_S)
                while unanswered and unanswered[0][1].done():
                    self._keep(unanswered[0], unanswered[0][1].result())
                    unanswered.popleft()
                    refusals = 0
            except (grpc.RpcError, OSError) as error:
                if not is_passing(error):
                    refusals += 1
                    if refusal_of(error) is None or refusals > REFUSALS_MAX:
                        raise
                for sent in unanswered:
                    if sent[1]:
                        sent[1].cancel()
                    sent[1] = None
                if client:
                    client.close()
                with self._lock:
                    self.retries += 1
                node, client = choose.choice(list(self.cluster)), None
                time.sleep(0.1)
                continue
            if self._stopping.is_set() or len(unanswered) >= UNDER_WAY_MAX or time.monotonic() < due:
                time.sleep(POLL_S)
                continue
            due += self.pause_s
            body, waiting = self._next(code)
            unanswered.append([author.keep(author.prepare(body)), None, waiting])
            with self._lock:
                self.sent += 1
        if client:
            client.close()

    def _next(self, code):
        try:
            return self._asked[code].get_nowait()
        except queue.Empty:
            return notification(), None

    def _keep(self, sent, answer):
        entry, _, waiting = sent
        assert answer.leaf_hash == entry.leaf_hash
        now = time.monotonic()
        with self._lock:
            self.final[entry.author, entry.sequence] = (answer.receipt.index, entry.leaf_hash)
            epoch = 1 + len(answer.receipt.epochs)
            self.receipts[epoch] = (self.receipts.get(epoch, [answer.receipt])[0], answer.receipt)
            self.longest_pause_s = max(self.longest_pause_s, now - self._newest)
            self._newest = now
        if waiting:
            waiting.put(answer.receipt.index)


def check_nothing_is_lost(nodes, final):
    """Everything that was answered as final is where it was said to be, on each of these nodes."""
    assert final
    for node in nodes:
        ledger = {entry.index: entry.leaf_hash for entry in node.client().entries()}
        assert sorted(ledger) == list(range(len(ledger)))
        for name, (index, leaf_hash) in final.items():
            assert ledger.get(index) == leaf_hash, f"{node.code}: {name} was final at {index}, and is not there"
