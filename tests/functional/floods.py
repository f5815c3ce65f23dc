#!/usr/bin/python3
"""Clients that take all that a node gives them, each kind a process of its own, until its standard input ends: one
member that files, readers without a key, watchers that never read what comes. The last line says what they were told."""

import collections
import contextlib
import os
import subprocess
import sys
import threading
import time

import grpc
import nacl.signing

from client import Author, Client, notification
from protos import ledger

UNDER_WAY = 256  # entries that a flooder always has under way,
READS_UNDER_WAY = 512  # and reads: more than a node lets one client have
READERS = 4  # connections
WATCHERS = 400  # more than a node lets strangers have
LIST_ENTRIES = 1000  # asked for in one page
RESULT_S = 10


class Told:
    """How many answers there were of each kind."""

    def __init__(self):
        self.answers = collections.Counter()

    def count(self, call):
        error = call.exception()
        self.answers["OK" if error is None else error.code().name] += 1
        return error


class Flood:
    """The flood of one kind against a node, from now on."""

    def __init__(self, kind, cluster, node, within=("nice", "-n", "19")):
        state = node.state
        keys = [bytes(state.keys[name]).hex() for name in ("reader", "authority")]
        self.process = subprocess.Popen(
            [*within, sys.executable, "-B", __file__, kind, str(node.client_port), state.public("transport").hex(),
             state.code, cluster.ledger_id.hex(), *keys], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", f"the flood of {kind} did not begin"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Returns what they were told."""
        if self.process.stdin.closed:
            return ""
        try:
            answer, _ = self.process.communicate(timeout=2 * RESULT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        assert self.process.returncode == 0, answer
        return answer.strip()


class Arguments:
    """What Flood has passed on."""

    def __init__(self, port, server_key, code, ledger_id, reader, authority):
        self.port = int(port)
        self.server_key = bytes.fromhex(server_key)
        self.code = code
        self.ledger_id = bytes.fromhex(ledger_id)
        self.reader = nacl.signing.SigningKey(bytes.fromhex(reader))
        self.authority = nacl.signing.SigningKey(bytes.fromhex(authority))

    def client(self, known=False):
        return Client(self.port, self.server_key, self.reader if known else None)


class MemberAuthor(Author):
    """As Author, of the keys that were passed on."""

    def __init__(self, given):  # pylint: disable=super-init-not-called
        self.ledger_id, self.code, self.key = given.ledger_id, given.code, given.authority
        self.sequence, self.previous = 0, bytes(32)


def member(given, ended, told):
    """Files its own entries, all good, as fast as it can; sends at once again what was refused for want of room."""
    client = given.client(known=True)
    author = MemberAuthor(given).follow(client)
    under_way = collections.deque()
    yield
    while not ended.is_set():
        while len(under_way) < UNDER_WAY:
            entry = author.keep(author.prepare(notification()))
            under_way.append((entry, client.submit_later(entry)))
        entry, call = under_way.popleft()
        if told.count(call):
            under_way.appendleft((entry, client.submit_later(entry)))


def readers(given, ended, told):
    """Ask for the largest pages that there are."""
    clients = [given.client() for _ in range(READERS)]
    request = ledger.ListEntriesRequest(page_size=LIST_ENTRIES)
    under_way = collections.deque()
    yield
    turn = 0
    while not ended.is_set():
        while len(under_way) < READS_UNDER_WAY:
            turn += 1
            call = clients[turn % READERS].stub.ListEntries.future(request, timeout=RESULT_S)
            call.add_done_callback(told.count)
            under_way.append(call)
        under_way.popleft().exception()


def watchers(given, ended, told):
    """Watch from the first entry on, and never read; who is sent away tries again."""
    clients = [given.client() for _ in range(READERS)]
    request = ledger.WatchEntriesRequest(from_index=0)
    streams = [clients[i % READERS].stub.WatchEntries(request) for i in range(WATCHERS)]
    yield
    while not ended.is_set():
        for i, stream in enumerate(streams):
            if stream.done():
                told.answers[stream.code().name] += 1
                streams[i] = clients[i % READERS].stub.WatchEntries(request)
        time.sleep(0.05)
    told.answers["open"] = sum(not stream.done() for stream in streams)
    for stream in streams:
        stream.cancel()


KINDS = {"member": member, "readers": readers, "watchers": watchers}


def main():
    kind, *passed_on = sys.argv[1:]
    told, ended = Told(), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    flood = KINDS[kind](Arguments(*passed_on), ended, told)
    next(flood)
    print("ready", flush=True)
    with contextlib.suppress(StopIteration, grpc.RpcError):
        next(flood)
    print(dict(told.answers), flush=True)
    os._exit(0)  # whoever is still under way is not waited for


if __name__ == "__main__":
    main()
