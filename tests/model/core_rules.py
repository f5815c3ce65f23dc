"""A second writing of the protocol's rules: it reads the trace of a run of real cores, and accepts each step or not.

A trace comes from `assent_simulation --trace`: what each core took, what it did, what was on disk and what was sent,
in the order in which it happened. What is checked here of each honest node, by the sections of SPECIFICATION.md:

  the votes    each has what it needs, by what this node held then, and contradicts none of its own
  certificates a core that says it holds one was sent it, or a quorum of its votes
  journal      nothing is sent before it is written, and what justifies a vote is written with it
  restart      a node begins again with what was on disk, and nothing else
  restoring    no vote before the answers, and none below the view that follows from them
  finality     what is delivered has a finalize certificate, and all nodes have the same
  signatures   nobody holds a vote that an honest node has not sent

Left out: time and timers, what is in a block, who leads, one epoch only. A vote that the rules would allow and that was
not cast is no mistake here. What a hostile node has said counts for as many statements as it likes.
"""

import json


class Refused(Exception):
    """A step that the rules do not allow."""


def require(condition, what):
    if not condition:
        raise Refused(what)


def key(statement):
    return statement["kind"], statement["view"], statement["block"]


class Node:
    """What one honest node has said, holds and has on disk."""

    def __init__(self):
        self.disk = []          # records of the journal
        self.pending = []       # records that are not written yet
        self.log = []           # hashes of final blocks on disk
        self.pending_log = []
        self.up = False

    def start(self, event, root_view):
        self.up = True
        self.root = event["root"]
        self.final_view = root_view
        self.votes = {}         # own: (kind, view) -> hash
        self.tally = {}         # (kind, view, hash) -> voters heard
        self.held = {}          # (kind, view) -> hash of the certificate
        self.offered = set()    # certificates that came whole
        self.restoring = event["restoring"]
        self.nonce = event["nonce"]
        self.answers = {}
        self.votes_from = 1
        self.blocks = set()     # whole blocks in the journal
        self.entered = set()    # views for which the journal says what led into them

    def view(self):
        """The present view: entered in order, or passed over by what is final."""
        view = self.final_view + 1
        while any((kind, view) in self.held for kind in ("notarize", "skip", "finalize")):
            view += 1
        return view

    def hold(self, statement):
        kind, view, block = key(statement)
        self.held[kind, view] = block
        if kind == "finalize":
            self.final_view = max(self.final_view, view)

    def certified(self, view, block):
        return self.held.get(("notarize", view)) == block or self.held.get(("finalize", view)) == block


class Checker:
    def __init__(self, lines):
        self.lines = lines
        self.blocks = {}        # hash -> header
        self.said = set()       # (voter, kind, view, hash) that an honest node has on disk
        self.chain = {}         # height -> hash
        self.counts = dict.fromkeys(
            ("notarize", "skip", "finalize", "certificates", "crashes", "restored", "final"), 0)

    def run(self):
        """Refused names the first line that the rules do not allow. Returns what was seen how often."""
        first = json.loads(self.lines[0])
        self.count = first["nodes"]
        # Where everybody is needed for a quorum, restoring has other rules.
        assert self.count >= 4
        self.quorum = 2 * self.count // 3 + 1
        self.honest = set(first["honest"])
        self.nodes = {node: Node() for node in self.honest}
        for number, line in enumerate(self.lines[1:], 2):
            event = json.loads(line)
            try:
                if event["event"] == "block":
                    self.blocks[event["hash"]] = event
                elif event["node"] in self.honest:
                    getattr(self, event["event"])(event["node"], self.nodes[event["node"]], event)
            except Refused as refused:
                raise Refused(f"line {number}: node {event['node']}: {refused}") from None
        return self.counts

    # --- Certificates

    def check_certificate(self, certificate):
        """By a quorum of distinct voters, and the honest ones among them have said so."""
        voters = set(certificate["voters"])
        require(len(voters) == len(certificate["voters"]) >= self.quorum, "a certificate of too few voters")
        for voter in voters & self.honest:
            require((voter, *key(certificate)) in self.said, f"a certificate by {voter}, which has not said so")

    def offer(self, node, certificate):
        if certificate is not None:
            self.check_certificate(certificate)
            node.offered.add(key(certificate))

    # --- The life of a node

    def start(self, name, node, event):
        require(not node.up, "it is started twice")
        on_disk = len(node.log)
        require(on_disk == event["height"], f"it starts at height {event['height']} with {on_disk} blocks on disk")
        require(not node.log or node.log[-1] == event["root"], "it starts on another block than the last on its disk")
        root_view = self.view_of(event["root"])
        node.start(event, root_view)
        if event["certificate"] is not None:
            self.check_certificate(event["certificate"])
            node.hold(event["certificate"])
        for record in node.disk:
            if record["view"] > root_view:
                for kind in ("entered", "notarized"):
                    if kind in record:
                        node.hold(record[kind])
                self.read(name, node, record)

    def read(self, name, node, record):
        """What a node knows of itself by a record of its journal."""
        view = record["view"]
        if "vote" in record:
            kind, _, block = key(record["vote"])
            node.votes[kind, view] = block
            node.tally.setdefault(key(record["vote"]), set()).add(name)
        elif "block" in record:
            node.blocks.add(record["block"])
        elif "entered" in record:
            node.entered.add(view)
        elif "notarized" in record:
            node.entered.add(view + 1)
        else:
            node.votes_from = max(node.votes_from, record["no_vote_up_to"] + 1)

    def crash(self, _name, node, _event):
        node.up = False
        node.pending = []
        node.pending_log = []
        self.counts["crashes"] += 1

    def wipe(self, _name, node, _event):
        require(not node.up, "it loses its disk while it runs")
        node.disk = []
        node.log = []

    # --- What it takes

    def took(self, name, node, event):
        for certificate in event.get("certificates", []):
            self.offer(node, certificate)
        self.offer(node, event.get("certificate"))
        if "vote" in event:
            vote = event["vote"]
            said = (vote["voter"], *key(vote)) in self.said
            require(said or vote["voter"] not in self.honest, "a vote that nobody has cast")
            # Who plays back what others have said is not listened to.
            if vote["voter"] == event["from"] != name:
                node.tally.setdefault(key(vote), set()).add(vote["voter"])
        if "answer" in event:
            self.offer(node, event["answer"]["certificate"])
            answer = event["answer"]
            if node.restoring and not answer["restoring"] and answer["nonce"] == node.nonce:
                node.answers[event["from"]] = answer
        if "final" in event:
            certificate = event["certificate"]
            require(certificate is not None and key(certificate)[::2] == ("finalize", event["final"]),
                    "a range that ends without a certificate")
            self.take_range(node, event["final"])
            node.hold(certificate)

    def take_range(self, node, last):
        path = self.path(node.root, last)
        require(path is not None, "a range that does not follow the last final block")
        self.deliver(node, path)

    # --- What it does

    def did(self, name, node, event):
        votes = [record["vote"] for record in event["records"] if "vote" in record]
        before = node.view(), node.final_view
        roots = {node.root, *event["final"][-1:]}
        for vote in votes:
            require(vote["voter"] == name, "a vote in the name of another")
            node.tally.setdefault(key(vote), set()).add(name)
        for statement in event["certified"]:
            heard = len(node.tally.get(key(statement), ()))
            require(key(statement) in node.offered or heard >= self.quorum, f"it claims a certificate by {heard} votes")
            node.hold(statement)
            self.counts["certificates"] += 1
        for record in event["records"]:
            if "vote" in record:
                self.cast(node, record["vote"], event["records"], before, roots)
            elif "no_vote_up_to" in record:
                self.restored(node, record)
            self.read(name, node, record)
            node.pending.append(record)
        for record in event["records"]:
            if "entered" in record or "notarized" in record:
                kind, view, block = key(record.get("entered") or record["notarized"])
                require(node.held.get((kind, view)) == block, "it writes a certificate that it does not hold")
        if "restoring" in event:
            node.restoring = event["restoring"]
            node.answers = {}
        if event["final"]:
            path = self.path(node.root, event["final"][-1])
            require(path == event["final"], "what it delivers does not follow the last final block")
            require(any(kind == "finalize" and event["final"][-1] in (self.path(node.root, block) or [])
                        for (kind, _), block in node.held.items()), "it delivers what has no finalize certificate")
            self.deliver(node, path)

    def cast(self, node, vote, records, before, roots):
        """`before`: view and final view when the step began. `roots`: newest final block before and after the step."""
        kind, view, block = key(vote)
        view_before, final_before = before
        self.counts[kind] += 1
        require(not node.restoring, "it votes and is restoring")
        require(view >= node.votes_from, f"it votes in view {view}, below {node.votes_from}")
        require(view > final_before, "it votes in a view up to the one that it knows to be final")
        require(view <= node.view(), "it votes in a view that it has not entered")
        own = {other: node.votes.get((other, view)) for other in ("notarize", "skip", "finalize")}
        require(own[kind] is None, f"a second {kind} vote in view {view}")
        require(view in node.entered or any(view == self.view_of(root) + 1 for root in roots),
                "the first vote in a view, and not in the journal what led into it")
        if kind == "skip":
            require(own["finalize"] is None, "it skips after its Finalize vote")
            require(view >= view_before, "it skips a view that is over")
        elif kind == "notarize":
            require(own["skip"] is None or view >= view_before, "it notarizes what it skipped, in a view that is over")
            self.check_stand(node, view, block, roots)
            require(block in node.blocks, "it notarizes a block that is not in its journal")
        else:
            require(own["notarize"] == block, "it finalizes what it has not notarized")
            require(own["skip"] is None, "it finalizes after its Skip vote")
            require(node.held.get(("notarize", view)) == block, "it finalizes without the notarize certificate")
            require(any("notarized" in record and key(record["notarized"])[1:] == (view, block) for record in records),
                    "a Finalize vote, and its certificate is not in the journal")

    def check_stand(self, node, view, block, roots):
        require(block in self.blocks, "it notarizes a block that nobody has seen")
        header = self.blocks[block]
        require(header["view"] == view, "it notarizes a block of another view")
        parent = header["parent"]
        parent_view = self.view_of(parent)
        require(parent in roots or node.certified(parent_view, parent), "the parent has no certificate")
        for between in range(parent_view + 1, view):
            require(("skip", between) in node.held, f"view {between}, between parent and block, is not skipped")

    def restored(self, node, record):
        require(node.restoring, "it has restored and was not restoring")
        needed = min(self.quorum, self.count - 1)
        require(len(node.answers) >= needed, f"it has restored by {len(node.answers)} answers")
        highest = max(answer["view"] for answer in node.answers.values())
        votes_from = record["no_vote_up_to"] + 1
        require(votes_from > highest + 1, f"it votes from view {votes_from} on, told of {highest}")
        require(record["view"] > highest, "it leads too early after its restoring")
        self.counts["restored"] += 1
        node.restoring = False

    # --- Disk and net

    def wrote(self, name, node, event):
        require(event["records"] <= len(node.pending), "more is written than was to be")
        for record in node.pending[: event["records"]]:
            node.disk.append(record)
            if "vote" in record:
                self.said.add((name, *key(record["vote"])))
        del node.pending[: event["records"]]
        node.log += node.pending_log[: event["blocks"]]
        del node.pending_log[: event["blocks"]]

    def sent(self, _name, node, event):
        for what in ("vote", "proposal"):
            name_of_record = "block" if what == "proposal" else what
            if what in event:
                require(any(record.get(name_of_record) == event[what] for record in node.disk),
                        f"a {what} is sent, and not on disk: {event[what]}")
        for certificate in event.get("certificates", []):
            self.check_certificate(certificate)

    # --- Blocks

    def view_of(self, block):
        """In this epoch: 0 is the block that it starts on."""
        return self.blocks[block]["view"] if block in self.blocks else 0

    def path(self, root, last):
        """Hashes after `root` up to `last`; None when the one does not lead to the other."""
        path = []
        while last != root:
            if last not in self.blocks:
                return None
            path.append(last)
            last = self.blocks[last]["parent"]
        return path[::-1]

    def deliver(self, node, path):
        for block in path:
            height = self.blocks[block]["height"]
            require(self.chain.setdefault(height, block) == block, f"two final blocks at height {height}")
            node.pending_log.append(block)
            self.counts["final"] += 1
        if path:
            node.root = path[-1]
            node.final_view = max(node.final_view, self.view_of(node.root))
