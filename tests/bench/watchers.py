#!/usr/bin/python3
"""Many watch a mirror: does it cost the voters anything? Files entries, one after the other, on a ledger of four nodes
whose mirror nobody watches and many watch in turn, and compares how long each took to be final.

usage: tests/bench/watchers.py [--watchers N] [--rounds N] [--entries N] [--nice N]

ASSENT_BUILD is the folder of the build, build/release when it is not set. Mirror and watchers would have machines of
their own: they have the last processor for themselves, and the voters and their author the others; where there is but
one, they run at a low priority. Each watcher must get every entry.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

import grpc  # noqa: E402
import nacl.signing  # noqa: E402

from client import Author, Client, file_one  # noqa: E402
from cluster import Cluster, wait_until  # noqa: E402
from mirrors import Mirror, accreditation  # noqa: E402
from protos import ledger  # noqa: E402

PER_KEY = 50  # a node lets one client have 64 watches open
PATIENCE_S = 120


def watch(arguments):
    """The watchers: a process of their own. Says when all watch; told how many entries there were, waits for them."""
    port, server_key, first, count, *keys = arguments
    counts = [0] * int(count)
    clients = [Client(int(port), bytes.fromhex(server_key), nacl.signing.SigningKey(bytes.fromhex(key)))
               for key in keys]

    def follow(number):
        stream = clients[number // PER_KEY].stub.WatchEntries(ledger.WatchEntriesRequest(from_index=int(first)))
        try:
            for _ in stream:
                counts[number] += 1
        except grpc.RpcError as error:
            if not ended.is_set():
                print(f"watcher {number}: {error}", file=sys.stderr)

    ended = threading.Event()
    for number in range(len(counts)):
        threading.Thread(target=follow, args=(number,), daemon=True).start()
    wait_until("all watch", lambda: min(counts) > 0, PATIENCE_S)
    print("ready", flush=True)
    expected = int(sys.stdin.readline())
    wait_until(f"all got {expected} entries", lambda: min(counts) >= expected, PATIENCE_S)
    ended.set()
    print(min(counts), sum(counts), flush=True)
    os._exit(0)  # without the end of an interpreter whose threads are in gRPC, which may crash


class Watchers:
    """So many, from now on."""

    def __init__(self, mirror, count, first, keys, within):
        command = [*within, sys.executable, __file__, "--watch", str(mirror.client_port),
                   mirror.state.public("transport").hex(), str(first), str(count), *(bytes(key).hex() for key in keys)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "they do not watch"

    def stop(self, expected):
        """When each has got so many. Returns how many each and all of them got."""
        answer, _ = self.process.communicate(f"{expected}\n", 2 * PATIENCE_S)
        assert self.process.returncode == 0, "a watcher did not get all"
        return tuple(map(int, answer.split()))


def latencies_ms(client, author, entries):
    taken = []
    for _ in range(entries):
        start = time.monotonic()
        file_one(client, author)
        taken.append((time.monotonic() - start) * 1000)
    return taken


def median_and_p90(values):
    values = sorted(values)
    return statistics.median(values), values[len(values) * 9 // 10]


def apart(nice):
    """Leaves the last processor to others, from here on. Returns the command within which they run."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) == 1:
        return ("nice", "-n", str(nice))
    os.sched_setaffinity(0, processors[:-1])
    return ("taskset", "--cpu-list", str(processors[-1]), "nice", "-n", str(nice))


def measure(options, folder):
    within = apart(options.nice)
    cluster = Cluster(folder / "ledger", heartbeat_s=60)
    mirror = None
    try:
        cluster.start()
        client = cluster["FRA"].client()
        author = Author(cluster, "FRA")
        mirror = Mirror(cluster, "MIRROR", list(cluster))
        file_one(client, author, accreditation(mirror))
        mirror.write_files()
        mirror.init()
        mirror.start(within=within)
        latencies_ms(client, author, options.entries)  # to warm up
        keys = [node.state.keys["reader"] for node in cluster][:-(-options.watchers // PER_KEY)]
        without, watched = [], []
        for number in range(options.rounds):
            without += latencies_ms(client, author, options.entries)
            size = client.status().tree_size
            wait_until("the mirror keeps up", lambda: mirror.client().status().tree_size == size, PATIENCE_S)
            watchers = Watchers(mirror, options.watchers, size - 1, keys, within)
            watched += latencies_ms(client, author, options.entries)
            least, all_of_them = watchers.stop(options.entries + 1)
            print(f"round {number + 1}: {options.watchers} watchers got {least} entries each, {all_of_them} in all")
        quiet, busy = median_and_p90(without), median_and_p90(watched)
        print(f"load average {os.getloadavg()[0]:.1f}, mirror and watchers by {' '.join(within)}")
        print(f"nobody watches: median {quiet[0]:.1f} ms, p90 {quiet[1]:.1f} ms of {len(without)} entries\n"
              f"{options.watchers} watch the mirror: median {busy[0]:.1f} ms, p90 {busy[1]:.1f} ms\n"
              f"ratio: median {busy[0] / quiet[0]:.2f}, p90 {busy[1] / quiet[1]:.2f}")
    finally:
        if mirror and mirror.running():
            mirror.kill()
        cluster.close()


def main():
    if sys.argv[1:2] == ["--watch"]:
        return watch(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--entries", type=int, default=50, help="in each round, watched and not")
    parser.add_argument("--nice", type=int, default=19, help="priority of mirror and watchers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assent-watchers.") as folder:
        measure(options, pathlib.Path(folder))


if __name__ == "__main__":
    main()
