#!/usr/bin/python3
"""What do others notice when somebody floods a node? On a ledger of four nodes, one node is flooded by a member that
files, by readers without a key, and by watchers that do not read, in turn; before and during each, others file at that
node and at another one, and read there, one call after the other.

usage: tests/bench/floods.py [--rounds N] [--entries N] [--nice N] [--kinds member,readers,watchers]

ASSENT_BUILD is the folder of the build, build/release when it is not set. Flooders run at a low priority, since they
would have machines of their own.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

from client import Author, file_one, notification  # noqa: E402
from cluster import Cluster  # noqa: E402
from floods import KINDS, Flood  # noqa: E402
from protos import ledger  # noqa: E402

FLOODED = "FRA"
ENTRIES_BEFORE = 400  # so that there is something to read, and fewer than an author may file at once
SETTLE_S = 6  # until what a flooder may send at once has passed: kBurst, and a second


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


class Others:
    """Clients that do no harm: each measures its own calls, in milliseconds."""

    def __init__(self, cluster):
        flooded = cluster[FLOODED]
        self.here = flooded.client(cluster["JPN"].state.keys["reader"])
        self.there = cluster["IND"].client()
        self.at_flooded, self.elsewhere = Author(cluster, "JPN"), Author(cluster, "IND")

    def measure(self, entries):
        calls = {"file at that node": lambda: file_one(self.here, self.at_flooded),
                 "file at another": lambda: file_one(self.there, self.elsewhere),
                 "read at that node": self.read}
        taken = {name: [] for name in calls}
        for _ in range(entries):
            for name, call in calls.items():
                start = time.monotonic()
                call()
                taken[name].append((time.monotonic() - start) * 1000)
        return taken

    def read(self):
        self.here.stub.ListEntries(ledger.ListEntriesRequest(page_size=50), timeout=30)


def memory_mib(node):
    """The most that the node has had so far."""
    text = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) // 1024


def cpu_s(node):
    """Processor time that the node has taken so far."""
    fields = pathlib.Path(f"/proc/{node.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Phase:
    """What was measured without the flood, or with it."""

    def __init__(self):
        self.taken, self.cpu, self.wall = {}, 0.0, 0.0

    def measure(self, others, node, entries):
        cpu, start = cpu_s(node), time.monotonic()
        for name, values in others.measure(entries).items():
            self.taken.setdefault(name, []).extend(values)
        self.cpu += cpu_s(node) - cpu
        self.wall += time.monotonic() - start

    def cores(self):
        return self.cpu / self.wall


def measure(kind, cluster, others, options):
    """Prints how long the others' calls took without and with the flood, by turns."""
    quiet, flooded, told = Phase(), Phase(), ""
    for _ in range(options.rounds):
        quiet.measure(others, cluster[FLOODED], options.entries)
        with Flood(kind, cluster, cluster[FLOODED], ("nice", "-n", str(options.nice))) as flood:
            time.sleep(SETTLE_S)
            flooded.measure(others, cluster[FLOODED], options.entries)
            told = flood.stop()
        time.sleep(SETTLE_S)
    print(f"flood of {kind}: told in the last round {told}; the flooded node took {quiet.cores():.2f} -> "
          f"{flooded.cores():.2f} processors; load average {os.getloadavg()[0]:.1f}", flush=True)
    ratios = {}
    for name, before in quiet.taken.items():
        during = flooded.taken[name]
        ratios[name] = statistics.median(during) / statistics.median(before)
        print(f"  {name}: median {statistics.median(before):.1f} -> {statistics.median(during):.1f} ms, "
              f"p90 {percentile(before, 0.9):.1f} -> {percentile(during, 0.9):.1f} ms, "
              f"p99 {percentile(before, 0.99):.1f} -> {percentile(during, 0.99):.1f} ms; "
              f"ratio of the medians {ratios[name]:.2f}, of p90 "
              f"{percentile(during, 0.9) / percentile(before, 0.9):.2f} ({len(before)} calls each)", flush=True)
    print(f"  memory of the flooded node so far {memory_mib(cluster[FLOODED])} MiB", flush=True)
    return ratios


def fill(cluster):
    """Entries of a member that will not flood."""
    client, author = cluster["USA"].client(), Author(cluster, "USA")
    under_way = []
    for _ in range(ENTRIES_BEFORE):
        under_way.append(client.submit_later(author.keep(author.prepare(notification()))))
        if len(under_way) == 64:
            for call in under_way:
                call.result()
            under_way = []
    for call in under_way:
        call.result()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=40, help="in each round, of each author, flooded and not")
    parser.add_argument("--nice", type=int, default=19, help="priority of the flooders")
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assent-floods.") as folder:
        cluster = Cluster(pathlib.Path(folder) / "ledger", heartbeat_s=60)
        try:
            cluster.start()
            fill(cluster)
            others = Others(cluster)
            others.measure(options.entries)  # to warm up
            print(f"load average before {os.getloadavg()[0]:.1f}", flush=True)
            for kind in options.kinds.split(","):
                measure(kind, cluster, others, options)
        finally:
            cluster.close()


if __name__ == "__main__":
    main()
