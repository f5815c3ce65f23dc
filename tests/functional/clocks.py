"""Clocks of processes that show what a test wants."""

import datetime
import os
import pathlib
import time

DAY_S = 86_400


def faketime(moment):
    """The environment of a process for which it is this time now, and on."""
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    assert library, "libfaketime is missing: run deploy/install-dependencies"
    return {**os.environ, "LD_PRELOAD": str(library), "FAKETIME": moment.strftime("@%Y-%m-%d %H:%M:%S"), "TZ": "UTC",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", **_sanitizers_that_ask_no_time()}


def _sanitizers_that_ask_no_time():
    """Their allocators ask the time with a lock held, and libfaketime's first answer allocates: it would hang."""
    return {name: ":".join(filter(None, (os.environ.get(name), "allocator_release_to_os_interval_ms=-1")))
            for name in ("ASAN_OPTIONS", "TSAN_OPTIONS")}


class Clock:
    """One for all nodes of a cluster, that the test sets."""

    def __init__(self, path):
        self.path = path
        self.ahead_s = 0
        self.go_on(0)

    def now_us(self):
        return time.time_ns() // 1000 + self.ahead_s * 1_000_000

    def go_on(self, seconds):
        self.ahead_s += seconds
        new = self.path.with_suffix(".new")
        new.write_text(f"+{self.ahead_s}s\n")
        new.rename(self.path)

    def give(self, cluster):
        for node in cluster:
            node.environment = self.environment()

    def environment(self):
        fake = faketime(datetime.datetime.now(datetime.timezone.utc))
        del fake["FAKETIME"]
        return {**fake, "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1"}
