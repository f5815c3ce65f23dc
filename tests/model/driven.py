"""Has votes.pml follow a run of real cores: each vote of the run must be one that the model may cast then.

The model knows three honest voters and one that may do anything, who is here the hostile node of the run, or the one
that lost its disk, or else the last. It begins on a final block and goes on for three views, so a run is cut into
windows: each begins on a block with a finalize certificate, and may overlap the next. A vote is cast when it is on
disk, in the order in which that happened; a crash undoes what was not. Certificates are not told: the model has them
once enough votes were cast. Left out: views that are further than three from a final block before them.
"""

import subprocess

from states import MODEL

VIEWS = 3
SECONDS_MAX = 60
ACCEPTED = "every vote is one of the model's"


def written_votes(events):
    """The votes of the three honest nodes in the order in which they were on disk, as (node, kind, view, block)."""
    count = events[0]["nodes"]
    wiped = {event["node"] for event in events if event["event"] == "wipe"}
    trusted = sorted(set(events[0]["honest"]) - wiped)[:3]
    assert count == 4 and len(trusted) == 3
    pending = {node: [] for node in trusted}
    for event in events:
        node = event.get("node")
        if node not in pending:
            continue
        if event["event"] == "did":
            pending[node] += event["records"]
        elif event["event"] == "wrote":
            for record in pending[node][:event["records"]]:
                if "vote" in record:
                    vote = record["vote"]
                    yield trusted.index(node), vote["kind"], vote["view"], vote["block"]
            del pending[node][:event["records"]]
        elif event["event"] == "crash":
            pending[node].clear()


def windows(events):
    """For each part of the run that the model can follow: its steps, as (node, kind, view, block, parent), numbered
    as in the model."""
    headers = {event["hash"]: event for event in events if event["event"] == "block"}
    final = {0} | {certificate["view"] for event in events if event["event"] == "did"
                   and event["node"] in events[0]["honest"]
                   for certificate in event["certified"] if certificate["kind"] == "finalize"}
    votes = list(written_votes(events))
    last = max(view for _, _, view, _ in votes)
    root = 0
    while root is not None and root < last:
        numbers = {}  # of each block in its view
        steps = []
        for node, kind, at, block in votes:
            view = at - root
            if not 1 <= view <= VIEWS:
                continue
            number = parent = 0
            if kind != "skip":
                number = numbers.setdefault((view, block), sum(1 for seen, _ in numbers if seen == view))
                before = headers[block]["parent"]
                below = headers[before]["view"] - root if before in headers else 0
                # The root is number 0; there is no other block that far back.
                parent = 2 * (below - 1) + numbers[below, before] + 1 if below > 0 else 0
            steps.append((node, kind, view, number, parent))
        yield steps
        further = [view for view in final if view > root]
        near = [view for view in further if view <= root + VIEWS]
        root = max(near) if near else min(further, default=None)


def script(steps):
    """The process that casts these votes, one after the other, where the rules of the model let it."""
    lines = ["active proctype Trace() {", "  byte i;"]
    there = set()
    for node, kind, view, block, parent in steps:
        if kind == "skip":
            action = f"SKIP_IN({view})"
        elif kind == "finalize":
            action = f"FINALIZE_IN({view}, {block})"
        elif (view, block) in there:
            action = f"NOTARIZE_OLD({view}, {block})"
        else:
            there.add((view, block))
            action = f"NOTARIZE_NEW({view}, {block}, {parent}, NORMAL, true)"
        lines.append(f"  i = {node}; if {action} fi;")
    return "\n".join([*lines, f'  printf("{ACCEPTED}\\n")', "}", ""])


def follow(folder, steps):
    """Whether the model can take these steps, and no property breaks."""
    path = folder / "trace.pml"
    path.write_text(script(steps), encoding="utf-8")
    done = subprocess.run(["spin", f"-DVIEWS={VIEWS}", f'-DTRACE=\\"{path}\\"', str(MODEL)], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=SECONDS_MAX, check=False)
    assert "rror" not in done.stdout.replace("assertion violated", ""), done.stdout
    return ACCEPTED in done.stdout and "assertion violated" not in done.stdout
