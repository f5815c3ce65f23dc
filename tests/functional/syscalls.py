"""System calls of a process that fail, by strace, and those that a node makes on its database."""

import collections
import contextlib
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import threads
from cluster import run, wait_until

ATTACH_S = 20
DETACH_S = 10
# Files of a database, as RocksDB numbers them, and how many may come while a test runs.
LOGS, TABLES, MANIFESTS = "{:06}.log", "{:06}.sst", "MANIFEST-{:06}"
FILES = (LOGS, TABLES, MANIFESTS, "{:06}.dbtmp", "OPTIONS-{:06}", "OPTIONS-{:06}.dbtmp")
FILES_TO_COME = 40


def skip_unless_possible():
    """Says which thing this machine lacks."""
    if not shutil.which("strace"):
        pytest.skip("not run: strace missing")
    done = run("strace", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "true")
    if done.returncode != 0:
        pytest.skip(f"not run: strace: {done.stderr.strip()}")


def environment():
    """For a node that is to be held: the leak sanitizer cannot look at it when it ends."""
    return {**os.environ, "LSAN_OPTIONS": "detect_leaks=0"}


def database_files(node, *kinds):
    """Those that are there and those to come, of these kinds; of all, with the folders, if there are none."""
    folder = node.folder / "data/ledger"
    numbers = [int(number) for path in folder.iterdir() for number in re.findall(r"\d+", path.name)]
    to_come = range(max(numbers) + 1, max(numbers) + 1 + FILES_TO_COME)
    paths = [path for kind in kinds for path in folder.glob(kind.replace("{:06}", "[0-9]*"))]
    paths = paths if kinds else [folder.parent, folder, *folder.iterdir()]
    return paths + [folder / kind.format(number) for kind in kinds or FILES for number in to_come]


def failing(node, calls, error, paths=()):
    """From now on these calls of the node fail, on these files only if there are any."""
    return tampered(node, calls, f"error={error}", paths)


def slow(node, call, seconds, thread=None):
    """From now on that call of the node takes so long; of its threads of that name only, if there is one."""
    return tampered(node, call, f"delay_enter={round(seconds * 1e6)}", thread=thread)


@contextlib.contextmanager
def tampered(node, calls, how, paths=(), thread=None):
    """`how`: as in strace's `inject`. Gives a function that counts the calls tampered with so far."""
    held = threads.named(node.process.pid, thread) if thread else [node.process.pid]
    output = node.folder / "strace.txt"
    tracer = subprocess.Popen(["strace", *(() if thread else ("-f",)), "-qq", "-o", output, *only(paths), "-e",
                               f"trace={calls}", "-e", f"inject={calls}:{how}", "-p", ",".join(map(str, held))],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until("strace to hold the node", lambda: is_traced(node, held if thread else None)
                   or tracer.poll() is not None or not node.running(), ATTACH_S)
        yield lambda: calls_in(output, "(INJECTED)")
    finally:
        tracer.terminate()
        try:
            _, said = tracer.communicate(timeout=DETACH_S)
        except subprocess.TimeoutExpired:
            # Of a process that ends in this very moment, strace waits for the first thread before it lets go of the others.
            tracer.kill()
            _, said = tracer.communicate()
    assert "ttach" not in said, said


def only(paths):
    return [option for path in paths for option in ("-P", str(path))]


def calls_in(output, mark=""):
    """The calls that strace has written of, on lines with that mark."""
    return collections.Counter(re.match(r"\d+ +(?:<\.\.\. )?(\w+)", line)[1]
                               for line in output.read_text().splitlines() if mark in line and re.match(r"\d+ +[<\w]", line)
                               and "exited" not in line)


def is_traced(node, held=None):
    """These threads of it, or every one, or it is gone."""
    try:
        tasks = pathlib.Path(f"/proc/{node.process.pid}/task")
        found = [tasks / str(thread) for thread in held] if held else list(tasks.iterdir())
        return all("TracerPid:\t0\n" not in (thread / "status").read_text() for thread in found)
    except (FileNotFoundError, ProcessLookupError):
        return True


def within_failing(calls, error, which="1+", paths=()):
    """A command under which a node starts, and of which these calls fail, on these files only if there are any. `which`:
    as in strace's `when`."""
    return within_traced(calls, "/dev/null", paths, "-e", f"inject={calls}:error={error}:when={which}")


def within_passing_over(calls):
    """A command under which a node starts, and of which these calls do nothing and say that they did."""
    return within_traced(calls, "/dev/null", (), "-e", f"inject={calls}:retval=0")


def within_traced(calls, output, paths, *options):
    """A command under which a node starts, of which these calls are written down. The node is the process itself, and
    strace its grandchild."""
    return ("strace", "-D", "-f", "-qq", "-o", str(output), *only(paths), "--seccomp-bpf", "-e", f"trace={calls}", *options)
