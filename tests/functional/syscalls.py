"""System calls of a running process that fail, by strace."""

import contextlib
import os
import pathlib
import shutil
import subprocess

import pytest

import threads
from cluster import run, wait_until

ATTACH_S = 20


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


def open_files(node, suffix):
    """The files with that ending which the node has open."""
    folder = pathlib.Path(f"/proc/{node.process.pid}/fd")
    links = []
    for descriptor in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(descriptor))
    return sorted({link for link in links if link.endswith(suffix)})


def failing(node, call, error, paths=()):
    """From now on that call of the node fails, on these files only if there are any."""
    return tampered(node, call, f"error={error}", paths)


def slow(node, call, seconds, thread=None):
    """From now on that call of the node takes so long; of its threads of that name only, if there is one."""
    return tampered(node, call, f"delay_enter={round(seconds * 1e6)}", thread=thread)


@contextlib.contextmanager
def tampered(node, call, how, paths=(), thread=None):
    """`how`: as in strace's `inject`."""
    only = [option for path in paths for option in ("-P", path)]
    held = threads.named(node.process.pid, thread) if thread else [node.process.pid]
    tracer = subprocess.Popen(["strace", *(() if thread else ("-f",)), "-qq", "-o", "/dev/null", *only, "-e",
                               f"trace={call}", "-e", f"inject={call}:{how}", "-p", ",".join(map(str, held))],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until("strace to hold the node",
                   lambda: is_traced(node, held if thread else None) or tracer.poll() is not None, ATTACH_S)
        yield
    finally:
        tracer.terminate()
        _, said = tracer.communicate()
    assert "ttach" not in said, said


def is_traced(node, held=None):
    """These threads of it, or every one, or it is gone."""
    try:
        tasks = pathlib.Path(f"/proc/{node.process.pid}/task")
        found = [tasks / str(thread) for thread in held] if held else list(tasks.iterdir())
        return all("TracerPid:\t0\n" not in (thread / "status").read_text() for thread in found)
    except (FileNotFoundError, ProcessLookupError):
        return True


def within_failing(call, error, which="1+", paths=()):
    """A command under which a node starts, and of which that call fails, on these files only if there are any. `which`:
    as in strace's `when`. The node is the process itself, and strace its grandchild."""
    only = [option for path in paths for option in ("-P", str(path))]
    return ("strace", "-D", "-f", "-qq", "-o", "/dev/null", *only, "--seccomp-bpf", "-e", f"trace={call}",
            "-e", f"inject={call}:error={error}:when={which}")
