"""Traces of runs of the simulation, for who checks them."""

import subprocess

# Bare cores, and the cores of whole replicas, whose epochs end: up to f of the nodes are hostile or lose their disks,
# or more lose them, and the members end the epoch by an act. Where fewer than four vote, all are needed for a quorum.
KINDS = ("--nodes 4", "--nodes 4 --replica", "--nodes 7 --replica", "--nodes 3 --replica", "--nodes 2 --replica",
         "--nodes 1 --replica")


def command(kind, seed):
    return [*kind.split(), "--seed", str(seed), "--trace"]


def trace(simulation, kind, seed, path, seconds_max=120):
    """The lines of this run's trace; `path` is a file to be written. CalledProcessError when the run itself fails."""
    subprocess.run([simulation, *command(kind, seed), path], check=True, timeout=seconds_max, stdin=subprocess.DEVNULL,
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return path.read_text(encoding="utf-8").splitlines()
