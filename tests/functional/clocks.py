"""Clocks of processes that show what a test wants."""

import datetime
import os
import pathlib
import time

DAY_S = 86_400


def library():
    """libfaketime, or None where it is missing."""
    return next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def libfaketime():
    """The environment of a process whose clock, but for the monotonic one, other variables of libfaketime set."""
    assert library(), "libfaketime is missing: run deploy/install-dependencies"
    # Allocators of sanitizers ask the time with a lock held, and its first answer allocates: that would hang.
    sanitizers = {name: ":".join(filter(None, (os.environ.get(name), "allocator_release_to_os_interval_ms=-1")))
                  for name in ("ASAN_OPTIONS", "TSAN_OPTIONS")}
    return {**os.environ, **sanitizers, "LD_PRELOAD": str(library()), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}


def faketime(moment):
    """The environment of a process for which it is this time now, and on."""
    return {**libfaketime(), "FAKETIME": moment.strftime("@%Y-%m-%d %H:%M:%S")}


class Clock:
    """One for all nodes and commands of a cluster, that the test sets."""

    def __init__(self, path):
        self.path = path
        self.ahead_s = 0
        self.go_on(0)

    def now_us(self):
        return time.time_ns() // 1000 + self.ahead_s * 1_000_000

    def go_on(self, seconds):
        self.ahead_s += seconds
        self._show(f"+{self.ahead_s}s")

    def _show(self, text):
        new = self.path.with_suffix(".new")
        new.write_text(f"{text}\n")
        new.rename(self.path)

    def give(self, cluster):
        cluster.environment = self.environment()

    def environment(self):
        return {**libfaketime(), "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1"}


class StoppedClock(Clock):
    """One that only goes on when the test says so: on it nothing takes long, however slow the machine is."""

    def __init__(self, path):
        # Ahead of time, far from midnight: what sleeps until a moment of this clock would not sleep if that had passed.
        self.moment = datetime.datetime.now(datetime.timezone.utc).replace(hour=1, minute=0, second=0, microsecond=0)
        self.moment += datetime.timedelta(days=2)
        super().__init__(path)

    def now(self):
        return self.moment + datetime.timedelta(seconds=self.ahead_s)

    def now_us(self):
        return round(self.now().timestamp()) * 1_000_000

    def go_on(self, seconds):
        self.ahead_s += seconds
        self._show(f"{self.now():%Y-%m-%d %H:%M:%S}")
