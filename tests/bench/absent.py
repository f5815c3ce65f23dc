#!/usr/bin/python3
"""Who may not see a record gets the answer that there is none. How much longer does it take? Asks a node, without a key,
for the history of records that it may not see and of entries that do not exist, by turns, and prints how long each took.

usage: tests/bench/absent.py [--records N] [--rounds N]

ASSENT_BUILD is the folder of the build, build/release when it is not set.
"""

import argparse
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

from client import Author, file_one, notification  # noqa: E402
from cluster import Cluster  # noqa: E402
from protos import entry as entry_pb  # noqa: E402
from protos import questions  # noqa: E402


def restricted():
    body = notification()
    body.visibility = entry_pb.MEMBERS
    return body


def asked(stub, index):
    """The answer, and microseconds that it took."""
    request = questions.AskRequest(record_history=questions.RecordHistory(index=index))
    start = time.perf_counter()
    answer = stub.Ask(request, timeout=10)
    return answer, (time.perf_counter() - start) * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50, help="restricted records on the ledger (default: 50)")
    parser.add_argument("--rounds", type=int, default=40, help="times that each is asked for (default: 40)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(pathlib.Path(folder) / "ledger").start()
        try:
            node = cluster["FRA"]
            author = Author(cluster, "FRA").follow(node.client())
            hidden = [file_one(node.client(), author, restricted())[1].index for _ in range(options.records)]
            absent = [max(hidden) + 1 + number for number in range(options.records)]
            stub = node.client(None).stub
            told = {"hidden": [], "absent": []}
            for _ in range(options.rounds):
                for pair in zip(hidden, absent):
                    for kind, index in zip(told, pair):
                        answer, took = asked(stub, index)
                        assert not answer.rows, index
                        told[kind].append(took)
        finally:
            cluster.close()
    for kind, times in told.items():
        print(f"{kind}: {len(times)} calls, median {statistics.median(times):.1f} us, "
              f"standard deviation {statistics.stdev(times):.1f} us")
    apart = statistics.median(told["hidden"]) - statistics.median(told["absent"])
    print(f"medians are {apart:.1f} us apart")


if __name__ == "__main__":
    main()
