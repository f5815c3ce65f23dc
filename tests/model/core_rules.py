"""A second writing of the protocol's rules: it reads the trace of a run of real cores, and accepts each step or not.

A trace comes from `assent_simulation --trace`: what each core took, what it did, what was on disk and what was sent,
in the order in which it happened. What is checked here of each honest node, by the sections of SPECIFICATION.md:

  the votes    each has what it needs, by what this node held then, and contradicts none of its own
  certificates a core that says it holds one was sent it, or a quorum of its votes
  journal      nothing is sent before it is written, and what justifies a vote is written with it
  restart      a node begins again with what was on disk, and nothing else
  restoring    no vote before the answers, and none below the view that follows from them; a lost disk makes for it
  finality     what is delivered has a finalize certificate, and all nodes have the same
  epochs       each begins on one block, which closes the one before or is named by an act of the members, for all with
               the same voters, and not before that is final and on disk; what stands on a closing block is a TAIL,
               which becomes no part of the log; who has an act votes no more in the epoch that it ends
  signatures   nobody holds a vote that an honest node has not sent

Left out: time and timers, what is in a block, who leads, and the word of an operator that a node has never voted in the
epoch that an act begins, which is believed. A vote that the rules would allow and that was not cast is no mistake here.
What a hostile node has said counts for as many statements as it likes.
"""

import json


class Refused(Exception):
    """A step that the rules do not allow."""


def require(condition, what):
    if not condition:
        raise Refused(what)


def key(statement):
    return statement["kind"], statement["view"], statement["block"]


class Epoch:
    """What all nodes agree on that vote in it, or follow it."""

    def __init__(self, event):
        self.voters = event["voters"]  # nodes, by position
        self.keys = event["keys"]
        self.root = None               # the block that it stands on
        self.quorum = 2 * len(self.voters) // 3 + 1


class Node:
    """What one honest node has said, holds and has on disk."""

    def __init__(self):
        self.up = False
        self.lose_disk()
        self.may_have_lost_votes = False

    def lose_disk(self):
        self.disk = []          # records of the journal
        self.on_disk = set()    # what they say that may be sent
        self.pending = []       # records that are not written yet
        self.log = []           # hashes of final blocks on disk
        self.pending_log = []
        self.may_have_lost_votes = True
        self.told = None        # epoch in which it has restored, and the highest view that it was told of there

    def start(self, event, epoch, root_view):
        self.up = True
        self.over = False
        self.ends_at = None     # the block that an act of the members names
        self.number = event["epoch"]
        self.epoch = epoch
        self.self = event["self"]  # position; None: it only follows
        self.root = event["root"]
        self.final_view = root_view
        self.votes = {}         # own: (kind, view) -> hash
        self.tally = {}         # (kind, view, hash) -> positions heard
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
        self.said = set()       # (epoch, position, kind, view, hash) that an honest node has on disk
        self.chain = {}         # height -> hash
        self.epochs = {}
        self.named = set()      # blocks at which acts of the members end an epoch
        self.counts = dict.fromkeys(("notarize", "skip", "finalize", "certificates", "crashes", "restored", "final",
                                     "tail", "entered", "ended"), 0)

    def run(self):
        """Refused names the first line that the rules do not allow. Returns what was seen how often."""
        self.honest = set(json.loads(self.lines[0])["honest"])
        self.nodes = {node: Node() for node in self.honest}
        for node in self.nodes.values():
            node.may_have_lost_votes = False
        for number, line in enumerate(self.lines[1:], 2):
            event = json.loads(line)
            try:
                if event["event"] == "block":
                    self.blocks[event["hash"]] = event
                elif event["node"] in self.honest:
                    getattr(self, event["event"])(self.nodes[event["node"]], event)
            except Refused as refused:
                raise Refused(f"line {number}: node {event['node']}: {refused}") from None
        return self.counts

    # --- Certificates

    def is_honest(self, node, position):
        return node.epoch.voters[position] in self.honest

    def check_certificate(self, node, certificate):
        """By a quorum of distinct voters, and the honest ones among them have said so."""
        require(certificate["epoch"] == node.number, "a certificate of another epoch")
        voters = set(certificate["voters"])
        require(len(voters) == len(certificate["voters"]) >= node.epoch.quorum, "a certificate of too few voters")
        for voter in voters:
            require(not self.is_honest(node, voter) or (node.number, voter, *key(certificate)) in self.said,
                    f"a certificate by voter {voter}, which has not said so")

    def offer(self, node, certificate):
        if certificate is not None:
            self.check_certificate(node, certificate)
            node.offered.add(key(certificate))

    # --- The life of a node

    def start(self, node, event):
        """A core is made: after a crash, or because the epoch before is over."""
        on_disk = len(node.log)
        require(on_disk == event["height"], f"it starts at height {event['height']} with {on_disk} blocks on disk")
        require(not node.log or node.log[-1] == event["root"], "it starts on another block than the last on its disk")
        goes_on = node.up
        epoch = self.take_epoch(node, event)
        if goes_on:
            # The operator's word comes late: it begins the epoch once more.
            word = event["epoch"] == node.number and node.restoring and epoch.root == node.root in self.named
            require(node.over or word, "it leaves an epoch that is not over")
            require(event["restoring"] or not node.restoring or epoch.root in self.named,
                    "it has not restored, and does not go on with it")
            self.counts["entered"] += 1
        if not event["restoring"] and epoch.root in self.named:
            node.may_have_lost_votes = False
        require(event["restoring"] or not node.may_have_lost_votes, "it has lost its votes, and is not restoring")
        if node.told is not None and node.told[0] + 1 == event["epoch"] and epoch.root not in self.named:
            require(event["restoring"] or self.blocks[epoch.root]["view"] >= node.told[1],
                    "it may have voted in this epoch before it lost its disk, and is not restoring")
        root_view = self.view_of(event["epoch"], event["root"])
        node.start(event, epoch, root_view)
        if event["certificate"] is not None:
            self.check_certificate(node, event["certificate"])
            node.hold(event["certificate"])
        for record in node.disk:
            if record["epoch"] == node.number and record["view"] > root_view:
                for kind in ("entered", "notarized"):
                    if kind in record:
                        node.hold(record[kind])
                if "vote" in record and epoch.quorum == 1:
                    node.hold(record["vote"])  # is a certificate
                self.read(node, record)

    def take_epoch(self, node, event):
        number, root = event["epoch"], event["root"]
        epoch = self.epochs.setdefault(number, Epoch(event))
        require((epoch.voters, epoch.keys) == (event["voters"], event["keys"]), "it takes others for the voters")
        require(event["self"] is None or self.nodes[epoch.voters[event["self"]]] is node, "it votes in another's place")
        header = self.blocks.get(root)
        if header is not None and header["epoch"] == number:
            require(header["kind"] == "normal", "it goes on in an epoch that is closed")
            return epoch
        if root in self.named:
            require(number > (header["epoch"] if header is not None else 0), "an act begins an epoch that is over")
        elif header is None:
            require(number == 1 and event["height"] == 0, "it begins an epoch on a block that nobody has seen")
        else:
            require(header["epoch"] + 1 == number and header["kind"] == "closing",
                    "it begins an epoch on a block that does not close the one before")
        require(epoch.root in (None, root), "it begins the epoch on another block")
        epoch.root = root
        return epoch

    def read(self, node, record):
        """What a node knows of itself by a record of its journal."""
        view = record["view"]
        if "vote" in record:
            kind, _, block = key(record["vote"])
            node.votes[kind, view] = block
            node.tally.setdefault(key(record["vote"]), set()).add(record["vote"]["voter"])
        elif "block" in record:
            node.blocks.add(record["block"])
        elif "entered" in record:
            node.entered.add(view)
        elif "notarized" in record:
            node.entered.add(view + 1)
        else:
            node.votes_from = max(node.votes_from, record["no_vote_up_to"] + 1)

    def crash(self, node, _event):
        node.up = False
        node.pending = []
        node.pending_log = []
        self.counts["crashes"] += 1

    def wipe(self, node, _event):
        require(not node.up, "it loses its disk while it runs")
        node.lose_disk()

    # --- What it takes

    def took(self, node, event):
        for certificate in event.get("certificates", []):
            self.offer(node, certificate)
        if "vote" in event:
            vote = event["vote"]
            said = (vote["epoch"], vote["voter"], *key(vote)) in self.said
            require(vote["epoch"] == node.number, "it takes a vote of another epoch")
            require(said or not self.is_honest(node, vote["voter"]), "a vote that nobody has cast")
            # Who plays back what others have said is not listened to.
            if vote["voter"] == event["from"] != node.self:
                node.tally.setdefault(key(vote), set()).add(vote["voter"])
        if "answer" in event:
            self.offer(node, event["answer"]["certificate"])
            answer = event["answer"]
            if node.restoring and not answer["restoring"] and answer["nonce"] == node.nonce:
                node.answers[event["from"]] = answer
        if "ends_at" in event:
            self.named.add(event["ends_at"])
            node.ends_at = event["ends_at"]
            node.over = node.over or node.ends_at == node.root
            self.counts["ended"] += 1
        if "final" in event:
            self.take_range(node, event["final"], event["certificate"])

    def take_range(self, node, last, certificate):
        self.offer(node, certificate)
        path = self.path(node.root, last)
        require(path is not None, "a range that does not follow the last final block")
        if last not in self.named:
            require(certificate is not None and certificate["kind"] == "finalize", "a range without a certificate")
            require(self.path(last, certificate["block"]) is not None, "a range with another's certificate")
        self.deliver(node, path)
        if certificate is not None:
            node.hold(certificate)

    # --- What it does

    def did(self, node, event):
        votes = [record["vote"] for record in event["records"] if "vote" in record]
        before = node.view(), node.final_view
        roots = {node.root, *event["final"][-1:]}
        for vote in votes:
            require(vote["voter"] == node.self, "a vote in the name of another")
            require(vote["epoch"] == node.number and not node.over and node.ends_at is None,
                    "a vote in an epoch that is over")
            node.tally.setdefault(key(vote), set()).add(node.self)
        for statement in event["certified"]:
            heard = len(node.tally.get(key(statement), ()))
            require(key(statement) in node.offered or heard >= node.epoch.quorum,
                    f"it claims a certificate by {heard} votes")
            node.hold(statement)
            self.counts["certificates"] += 1
        adopts = any("no_vote_up_to" in record for record in event["records"])
        for record in event["records"]:
            if "vote" in record and adopts and node.restoring:
                self.adopt(node, record["vote"])
            elif "vote" in record:
                self.cast(node, record["vote"], event["records"], before, roots)
            elif "no_vote_up_to" in record:
                self.restored(node, record)
            self.read(node, record)
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
            root_view = self.view_of(node.number, node.root)
            require(node.ends_at in event["final"] or any(
                kind == "finalize" and view > root_view and event["final"][-1] in (self.path(node.root, block) or [])
                for (kind, view), block in node.held.items()), "it delivers what has no finalize certificate")
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
        require(view in node.entered or any(view == self.view_of(node.number, root) + 1 for root in roots),
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
        require((header["epoch"], header["view"]) == (node.number, view), "it notarizes a block of another view")
        parent = header["parent"]
        parent_view = self.view_of(node.number, parent)
        require(parent in roots or node.certified(parent_view, parent), "the parent has no certificate")
        for between in range(parent_view + 1, view):
            require(("skip", between) in node.held, f"view {between}, between parent and block, is not skipped")
        after_closing = parent_view > 0 and self.blocks[parent]["kind"] != "normal"
        require((header["kind"] == "tail") == after_closing, f"a {header['kind']} block at this place of the epoch")
        self.counts["tail"] += after_closing

    def adopt(self, node, vote):
        """Where everybody is needed for a quorum, others' memory of its votes binds a node that has lost them."""
        require(node.epoch.quorum == len(node.epoch.voters), "it takes a vote up again where others do without it")
        require(any(vote in answer["votes"] for answer in node.answers.values()), "it takes a vote up that nobody told")

    def restored(self, node, record):
        require(node.restoring, "it has restored and was not restoring")
        count = len(node.epoch.voters)
        heard = len(node.answers)
        require(heard >= min(node.epoch.quorum, count - 1), f"it has restored by {heard} answers")
        highest = max(answer["view"] for answer in node.answers.values())
        votes_from = record["no_vote_up_to"] + 1
        require(votes_from > highest + 1 or node.epoch.quorum == count,
                f"it votes from view {votes_from} on, told of {highest}")
        require(record["view"] > highest, "it leads too early after its restoring")
        self.counts["restored"] += 1
        node.restoring = False
        node.may_have_lost_votes = False
        node.told = (node.number, highest)

    # --- Disk and net

    def wrote(self, node, event):
        require(event["records"] <= len(node.pending), "more is written than was to be")
        for record in node.pending[: event["records"]]:
            node.disk.append(record)
            if "vote" in record:
                vote = record["vote"]
                self.said.add((vote["epoch"], vote["voter"], *key(vote)))
                node.on_disk.add((vote["epoch"], *key(vote)))
            elif "block" in record:
                node.on_disk.add(record["block"])
        del node.pending[: event["records"]]
        for block in node.pending_log[: event["blocks"]]:
            height = self.blocks[block]["height"]
            require(self.chain.setdefault(height, block) == block, f"two final blocks at height {height}")
            node.log.append(block)
        del node.pending_log[: event["blocks"]]

    def sent(self, node, event):
        if "vote" in event:
            vote = event["vote"]
            require((vote["epoch"], *key(vote)) in node.on_disk, f"a vote is sent, and not on disk: {vote}")
            require(vote["epoch"] == 1 or self.epochs[vote["epoch"]].root in node.log,
                    "a vote is sent in an epoch whose beginning is not on disk")
        if "proposal" in event:
            require(event["proposal"] in node.on_disk, f"a proposal is sent, and not on disk: {event['proposal']}")
        for certificate in event.get("certificates", []):
            self.check_certificate(node, certificate)

    # --- Blocks

    def view_of(self, epoch, block):
        """In this epoch: 0 is the block that it starts on."""
        header = self.blocks.get(block)
        return header["view"] if header is not None and header["epoch"] == epoch else 0

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
            header = self.blocks[block]
            require(not node.over and header["epoch"] == node.number, "it delivers a block after the epoch's last")
            require(header["kind"] != "tail", "it delivers a TAIL block")
            node.pending_log.append(block)
            node.over = header["kind"] == "closing" or block == node.ends_at
            self.counts["final"] += 1
        if path:
            node.root = path[-1]
            node.final_view = max(node.final_view, self.view_of(node.number, node.root))
