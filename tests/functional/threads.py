"""Threads of a running process that stand still, or get next to no time, as on a machine with too few processors."""

import contextlib
import ctypes
import os
import pathlib
import subprocess
import sys

import pytest

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
WALL = 0x40000000  # __WALL


def named(pid, name):
    """The threads of a process that have that name."""
    found = [int(task.name) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
             if (task / "comm").read_text().strip() == name]
    assert found, f"no thread is called {name}"
    return found


@contextlib.contextmanager
def held(pid, name):
    """The threads of that name, until the end. One thread of the caller's begins and ends it."""
    libc = ctypes.CDLL(None, use_errno=True)
    stopped = []
    try:
        for thread in named(pid, name):
            if libc.ptrace(PTRACE_ATTACH, thread, None, None) != 0:
                pytest.skip(f"not run: no thread can be held here: {os.strerror(ctypes.get_errno())}")
            stopped.append(thread)
            os.waitpid(thread, WALL)
        yield
    finally:
        for thread in stopped:
            assert libc.ptrace(PTRACE_DETACH, thread, None, None) == 0


@contextlib.contextmanager
def starved(pid, name):
    """The threads of that name share one processor with something that never waits, and get less than a hundredth of
    it. Unlike those that stand still, they let go of what others wait for."""
    threads = named(pid, name)
    everywhere = os.sched_getaffinity(pid)
    one = {max(everywhere)}
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"],
                            preexec_fn=lambda: os.sched_setaffinity(0, one))
    try:
        for thread in threads:
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
            os.sched_setaffinity(thread, one)
        yield
    finally:
        busy.kill()
        busy.wait()
        for thread in threads:
            os.sched_setaffinity(thread, everywhere)
            os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
