"""Has votes.pml follow a run of real cores: each vote of the run must be one that the model may cast then.

The model knows three honest voters and one that may do anything, who is here the hostile node of the run, or one that
lost its disk, or else any. It begins on a final block and goes on for three views, so each epoch of four voters is cut
into windows: each begins on a block with a finalize certificate, and may overlap the next. Where an epoch ends and one
voter is replaced by another, or gets other keys, which is the same here, the window goes on to the first view of the
next one. A vote is cast when it is on disk, in the order in which that happened; a crash undoes what was not.
Certificates are not told: the model has them once enough votes were cast. Left out: views that are further than three
from a final block before them, epochs of more or fewer than four voters, and the votes of nodes that have restored.
"""

import collections
import subprocess

from states import MODEL

VIEWS = 3
SECOND = VIEWS + 1  # the first view of the next epoch
SECONDS_MAX = 60
ACCEPTED = "every vote is one of the model's"

# `action`: notarize, skip, finalize; or enter, the epoch that this block has closed. Views, blocks and voters are
# numbered as in the model; `kind` is that of the block.
Step = collections.namedtuple("Step", "voter action view block parent kind")


class Run:
    """What a trace says, as far as it is needed here. A voter is a node and the key that it votes with."""

    def __init__(self, events):
        self.honest = set(events[0]["honest"])
        self.trusted = self.honest - {event["node"] for event in events if event["event"] == "wipe"}
        self.headers = {event["hash"]: event for event in events if event["event"] == "block"}
        self.voters = {}   # of an epoch, by position
        self.closing = {}  # of an epoch
        self.final = collections.defaultdict(set)  # views of an epoch with a finalize certificate
        self.history = []  # (epoch, voter, vote) as they came to disk; None for the vote: the voter enters the epoch
        self._read(events)

    def _read(self, events):
        pending = collections.defaultdict(list)
        entered = set()
        for event in events:
            node, what = event.get("node"), event["event"]
            if node not in self.honest:
                continue
            if what == "start":
                epoch = event["epoch"]
                self.voters[epoch] = list(zip(event["voters"], event["keys"]))
                root = self.headers.get(event["root"])
                if root is not None and root["kind"] == "closing":
                    self.closing[root["epoch"]] = root
                if event["self"] is not None and (epoch, node) not in entered:
                    entered.add((epoch, node))
                    self.history.append((epoch, self.voters[epoch][event["self"]], None))
            elif what == "did":
                pending[node] += event["records"]
                for certificate in event["certified"]:
                    if certificate["kind"] == "finalize":
                        self.final[certificate["epoch"]].add(certificate["view"])
            elif what == "wrote":
                for vote in (record["vote"] for record in pending[node][: event["records"]] if "vote" in record):
                    self.history.append((vote["epoch"], self.voters[vote["epoch"]][vote["voter"]], vote))
                del pending[node][: event["records"]]
            elif what == "crash":
                pending[node].clear()

    def roots(self, epoch):
        """The views on whose blocks windows begin; 0 is the block that the epoch stands on."""
        last = max((vote["view"] for of, _, vote in self.history if of == epoch and vote is not None), default=0)
        end = self.closing[epoch]["view"] if epoch in self.closing else last
        root = 0
        while root is not None and root < end:
            yield root
            further = [view for view in self.final[epoch] if root < view < end]
            near = [view for view in further if view <= root + VIEWS]
            root = max(near) if near else min(further, default=None)


class Window:
    """A part of a run that the model can follow, with its own numbers for blocks."""

    def __init__(self, run, epoch, root):
        self.run, self.epoch, self.root = run, epoch, root
        self.numbers = {}  # of each block in its view
        self.closing = run.closing.get(epoch)
        if self.closing is not None and not self.closes():
            self.closing = None

    def closes(self):
        """The end of the epoch is in sight: its last block, and the certificate that makes that final."""
        at = self.closing["view"]
        return self.root < at and any(at <= view <= self.root + VIEWS for view in self.run.final[self.epoch])

    def view(self, vote):
        """As the model numbers it; None: it is not in the window."""
        if vote["epoch"] == self.epoch:
            view = vote["view"] - self.root
            return view if 1 <= view <= VIEWS else None
        return SECOND if vote["view"] == 1 else None

    def number(self, view, block):
        return self.numbers.setdefault((view, block), sum(1 for seen, _ in self.numbers if seen == view))

    def id_of(self, block):
        """0 is the root; there is no other block that far back."""
        header = self.run.headers.get(block)
        view = header["view"] - self.root if header is not None and header["epoch"] == self.epoch else 0
        return 2 * (view - 1) + self.number(view, block) + 1 if view > 0 else 0

    def step(self, voter, vote):
        view = self.view(vote)
        if vote["kind"] == "skip":
            return Step(voter, "skip", view, 0, 0, None)
        header = self.run.headers[vote["block"]]
        parent = self.id_of(header["parent"])
        return Step(voter, vote["kind"], view, self.number(view, vote["block"]), parent, header["kind"].upper())

    def steps(self):
        """None where the model has no such voters."""
        votes = [(of, voter, vote) for of, voter, vote in self.run.history
                 if of == self.epoch and vote is not None and self.view(vote) is not None]
        for _, _, vote in votes:
            if vote["kind"] != "skip":
                self.step(0, vote)  # numbers the blocks
        first, second = self.roles()
        if first is None:
            return None
        steps = []
        for of, voter, vote in self.run.history:
            if of == self.epoch and voter in first and vote is not None and self.view(vote) is not None:
                steps.append(self.step(first[voter], vote))
            elif of == self.epoch + 1 and voter in second:
                if vote is None:
                    view = self.closing["view"] - self.root
                    block = self.number(view, self.closing["hash"])
                    steps.append(Step(second[voter], "enter", view, block, 0, None))
                elif self.view(vote) is not None:
                    steps.append(self.step(second[voter], vote))
        return steps

    def roles(self):
        """Which voter of the model each of this epoch is, and each of the next one; the hostile one has no number."""
        voters = self.run.voters[self.epoch]
        trusted = [voter for voter in voters if voter[0] in self.run.trusted]
        if len(voters) != 4 or len(trusted) < 3:
            return None, None
        plain = {voter: number for number, voter in enumerate(trusted[:3])}
        following = self.run.voters.get(self.epoch + 1, [])
        if self.closing is None or len(following) != 4:
            return plain, {}
        stay = [voter for voter in trusted if voter in following][:3 if len(trusted) == 3 else 2]
        gone = [voter for voter in trusted if voter not in following]
        new = [voter for voter in following if voter not in voters and voter[0] in self.run.trusted]
        if len(stay) == 3:
            gone = new = [stay.pop()]  # the same voters: in the model it is replaced by itself
        if (len(stay), len(gone), len(new)) != (2, 1, 1):
            return plain, {}
        # The closing block names the next set: the first has voter 1 and not 2, the second 2 and not 1.
        view = self.closing["view"] - self.root
        kept = 1 + (view + self.number(view, self.closing["hash"])) % 2
        return {stay[0]: 0, stay[1]: kept, gone[0]: 3 - kept}, {stay[0]: 0, stay[1]: kept, new[0]: 3}


def windows(events):
    """For each part of the run that the model can follow: its steps."""
    run = Run(events)
    for epoch in sorted(run.voters):
        for root in run.roots(epoch):
            steps = Window(run, epoch, root).steps()
            if steps:
                yield steps


def script(steps):
    """The process that does these steps, one after the other, where the rules of the model let it."""
    lines = ["active proctype Trace() {", "  byte i;"]
    there = set()
    for step in steps:
        view, block = step.view, step.block
        if step.action == "skip":
            action = f"SKIP_IN({view})"
        elif step.action == "finalize":
            action = f"FINALIZE_IN({view}, {block})"
        elif step.action == "enter":
            action = f"ENTER_EPOCH({2 * (view - 1) + block + 1})"
        elif (view, block) in there:
            action = f"NOTARIZE_OLD({view}, {block})"
        elif view == SECOND:
            action = f"NOTARIZE_SECOND({view}, {block})"
        else:
            fits = {"NORMAL": f"NORMAL_FITS({step.parent})", "CLOSING": f"(kind[{step.parent}] == NORMAL)",
                    "TAIL": f"(kind[{step.parent}] != NORMAL)"}[step.kind]
            action = f"NOTARIZE_NEW({view}, {block}, {step.parent}, {step.kind}, {fits})"
        if step.action == "notarize":
            there.add((view, block))
        lines.append(f"  i = {step.voter}; if {action} fi;")
    return "\n".join([*lines, f'  printf("{ACCEPTED}\\n")', "}", ""])


def follow(folder, steps):
    """Whether the model can take these steps, and no property breaks."""
    path = folder / "trace.pml"
    path.write_text(script(steps), encoding="utf-8")
    options = [f"-DVIEWS={VIEWS}", "-DEPOCHS", f'-DTRACE=\\"{path}\\"']
    done = subprocess.run(["spin", *options, str(MODEL)], cwd=folder, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS_MAX, check=False)
    assert "rror" not in done.stdout.replace("assertion violated", ""), done.stdout
    return ACCEPTED in done.stdout and "assertion violated" not in done.stdout
