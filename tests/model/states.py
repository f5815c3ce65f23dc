"""Has spin look through the states of votes.pml."""

import pathlib
import re
import resource
import subprocess

MODEL = pathlib.Path(__file__).with_name("votes.pml")
SECONDS_MAX = 600
MEMORY_MB_MAX = 2000
# A path through the model has one step for each vote and each crash that makes a difference.
DEPTH_MAX = 1000

# Larger than what tests/run has time for; tests/soak has it.
LARGER = [
    "-DVIEWS=3 -DBLOCKS_1=2 -DBLOCKS_2=1",
    "-DVIEWS=2 -DBLOCKS_1=2 -DBLOCKS_2=1 -DEPOCHS",
    "-DVIEWS=3 -DBLOCKS_1=1 -DBLOCKS_2=2 -DBLOCKS_3=2 -DRESTORE",
    "-DVIEWS=3",
    "-DVIEWS=3 -DBLOCKS_1=1 -DBLOCKS_2=1 -DEPOCHS",
]


class CutShort(Exception):
    """Not all states were looked at."""


def search(folder, options, seconds_max=SECONDS_MAX):
    """Looks through all states of the model in this configuration; returns what spin's checker says."""
    def limit_memory():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB_MAX << 20, MEMORY_MB_MAX << 20))

    def call(*words, **more):
        return subprocess.run(words, cwd=folder, timeout=seconds_max, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)

    # A rule that is left out soon shows; all states are looked at long enough to compile for it.
    optimize = "-O0" if "-DBROKEN" in options or "-DGOAL" in options else "-O1"
    made = call("spin", "-a", *options.split(), str(MODEL))
    assert made.returncode == 0 and "rror" not in made.stdout, made.stdout
    # No partial order reduction: each node is one choice among steps, so there is nothing to leave out.
    made = call("gcc", optimize, "-w", "-DSAFETY", "-DNOREDUCE", "-DCOLLAPSE", "-o", "pan", "pan.c")
    assert made.returncode == 0, made.stdout
    try:
        return call("./pan", f"-m{DEPTH_MAX}", "-w21", preexec_fn=limit_memory).stdout
    except subprocess.TimeoutExpired:
        raise CutShort(f"no end after {seconds_max} s") from None


def states_of(said):
    """The number of states. Raises CutShort when there are more, which were not looked at."""
    for cut in ("search depth too small", "Search not completed", "out of memory", "hash-table full", "Bit statespace"):
        if cut in said:
            raise CutShort(said)
    assert "Full statespace search for:" in said and "assertion violations\t+" in said, said
    return int(re.search(r"^ *(\d+) states, stored", said, re.MULTILINE)[1])


def figures(said):
    """What a search has looked at, and what it took, in one line."""
    depth = re.search(r"depth reached (\d+)", said)[1]
    memory = re.search(r"^ *([0-9.]+)\s+total actual memory usage", said, re.MULTILINE)[1]
    # Not said of a moment.
    seconds = re.search(r"elapsed time ([0-9.]+)", said)
    return f"{states_of(said)} states, depth {depth}, {float(memory):.0f} MB, {seconds[1] if seconds else 0} s"
