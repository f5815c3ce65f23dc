"""Every rule is broken once, and a record of every type is filed, amended, withdrawn and queried, through nodes that run.

What is filed is what the rules' own tests file (tests/unit/ledger/rules): ledger_rules_replay tells it as signed
entries, so that no rule is written twice. Stories that begin in the same way share a ledger up to where they part:
what is refused changes nothing. Their clock is stopped, and goes on as far as a story waits: nothing comes too late.
"""

import dataclasses
import json
import math
import pathlib
import re
import time

import grpc
import nacl.signing
import pytest

import ledger_format as lf
from client import CALL_TIMEOUT_S, refusal_of
from clocks import StoppedClock
from cluster import BUILD, ROOT, Cluster, run
from protos import entry as entry_pb
from protos import ledger

REPLAY = BUILD / "tests/unit/ledger/rules/ledger_rules_replay"
# As the ledgers of those tests have them.
CODES = ("DEU", "FRA", "NOR")
CLASSES = ("BM_A, ballistic missile: Short range", "SLV_A, space launch: Small",
           "BM_B, ballistic missile: Long range", "SLV_B, space launch: Heavy")
FIRST_TEXT = "The first text.\n"
# So long a story may wait for a deadline.
WAIT_MAX_S = 10

DAYS = "test_rules_of_days.py"  # it takes longer than a story may
LEADER = "test_hostile_leader.py"  # only the leader of a view can put it before the rules
# Rules that no story breaks here, and what does.
BROKEN_ELSEWHERE = {
    ("AuthorityKeyRevocation", "KEY_CHANGED_IN_BLOCK"): LEADER,
    ("AuthorityKeyRotation", "KEY_CHANGED_IN_BLOCK"): LEADER,
    ("Endorsement", "QUESTION_EXPIRED"): DAYS,
    ("InspectorAccreditation", "ACCREDITATIONS_MANY"): DAYS,
    ("InspectorAccreditationEnd", "ACCREDITATION_LAPSED"): DAYS,
    ("MembershipWithdrawal", "KEY_CHANGED_IN_BLOCK"): LEADER,
    ("RevisionSign", "ENDORSED_KEY"): DAYS,
    ("SubscriptionNote", "LEDGER_FULL"): "test_full_ledger.py",  # it takes 1,024 members
    ("VotingStatus", "PROOF_INVALID"): "test_voting.py",  # it names a block of the ledger that a story cannot know
}


@dataclasses.dataclass
class Story:
    """Entries in a row. The last one of a story with a reason is refused."""
    number: int
    record: str
    steps: list
    reason: str | None = None
    filed: int | None = None
    amended: int | None = None
    withdrawn: int | None = None

    @property
    def name(self):
        return (self.record, self.reason)

    def path(self):
        """What leads to the last ledger that the story needs. One that waits before what is refused needs its own."""
        steps = self.steps if self.reason is None or self.steps[-1]["wait_us"] else self.steps[:-1]
        return tuple((step["author"], step["body"], step["wait_us"]) for step in steps)

    def waits_s(self):
        return max((step["wait_us"] for step in self.steps), default=0) / 1e6


def told(cluster, clock, numbers=()):
    """The stories of these numbers, or all, by number, as if told now."""
    done = run(REPLAY, cluster.act, f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", *numbers)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    stories = (Story(**json.loads(line)) for line in done.stdout.splitlines())
    return {story.number: story for story in stories}


def listed_rules():
    """Record and reason of every rule, from docs/rules.md, which is made from the rules."""
    rules, record = set(), None
    for line in (ROOT / "docs/rules.md").read_text().partition("<!-- What follows")[2].splitlines():
        if line.startswith("## "):
            record = line[3:]
        elif row := re.match(r"\| `([A-Z_]+)` \|", line):
            rules.add((record, row[1]))
    return rules


def submitted(client, step):
    """The index of an entry that is final, or the reason for which it was refused."""
    entry = entry_pb.Entry.FromString(bytes.fromhex(step["entry"]))
    deadline = time.monotonic() + CALL_TIMEOUT_S
    while True:
        try:
            answer = client.stub.Submit(ledger.SubmitRequest(entry=entry, wait_until_final=True), timeout=CALL_TIMEOUT_S)
            return answer.receipt.index
        except grpc.RpcError as error:
            # A node that has not heard of the others since it began refuses nothing for good.
            if error.code() is not grpc.StatusCode.UNAVAILABLE or time.monotonic() > deadline:
                return refusal_of(error) or f"{error.code().name}: {error.details()}"
            time.sleep(0.02)


def check_life(client, story):
    """What the service says of a record that was filed, and amended and withdrawn if it can be."""
    lives = [index for index in (story.filed, story.amended) if index is not None]
    becomes = {story.filed: ("AMENDED", story.amended) if story.amended is not None else ("CURRENT", None),
               story.amended: ("WITHDRAWN", story.withdrawn)}
    for index in lives:
        found = client.stub.GetEntry(ledger.GetEntryRequest(index=index), timeout=CALL_TIMEOUT_S)
        replaced_by = found.replaced_by if found.HasField("replaced_by") else None
        assert found.type == story.record
        assert (ledger.EntryStatus.Name(found.status), replaced_by) == becomes[index], story.record
    page = client.stub.ListEntries(ledger.ListEntriesRequest(type=story.record), timeout=CALL_TIMEOUT_S)
    assert set(lives) <= {entry.index for entry in page.entries}, story.record


class Ledgers:
    """Which stories share a ledger."""

    def __init__(self, stories):
        played = {number: story for number, story in stories.items() if story.name not in BROKEN_ELSEWHERE}
        paths = {story.path(): number for number, story in played.items()}
        beginnings = {path[:length] for path in paths for length in range(len(path))}
        self.leaves = {path: number for path, number in paths.items() if path not in beginnings}
        self.members = {leaf: [] for leaf in self.leaves}
        for number, story in played.items():
            path = story.path()
            self.members[next(leaf for leaf in self.leaves if leaf[:len(path)] == path)].append(number)

    def play(self, cluster, clock, leaf):
        """Tells the stories of one ledger. Returns what went otherwise than it should."""
        stories = told(cluster, clock, sorted({self.leaves[leaf], *self.members[leaf]}))
        client = cluster["FRA"].client()
        wrong = []

        def expect(story, step, expected):
            clock.go_on(math.ceil(step["wait_us"] / 1e6))
            became = submitted(client, step)
            if became != expected:
                wrong.append(f"{story.record} {story.reason or 'lives'}: {became}, not {expected}")

        for length in range(len(leaf) + 1):
            if wrong:
                break  # what follows is told of another ledger
            for number in self.members[leaf]:
                story = stories[number]
                if len(story.path()) != length:
                    continue
                if story.reason is None:
                    check_life(client, story)
                elif len(story.steps) > length:
                    expect(story, story.steps[-1], story.reason)
            if length < len(leaf):
                leader = stories[self.leaves[leaf]]
                refused = leader.reason is not None and length == len(leader.steps) - 1
                expect(leader, leader.steps[length], leader.reason if refused else length)
        return wrong


@pytest.fixture
def clock(tmp_path):
    return StoppedClock(tmp_path / "clock")


@pytest.fixture
def cluster(tmp_path, clock):
    def key(code, use):
        return nacl.signing.SigningKey(lf.sha256(f"{code}/{use}".encode()))

    states = [lf.State(code, f"State of {code}", authority=key(code, "authority"), reader=key(code, "reader"))
              for code in CODES]
    made = Cluster(tmp_path / "ledger", states=states, code=FIRST_TEXT, heartbeat_s=2, skew_s=2,
                   signature_period_s=6, comment_period_s=6, entries_per_day=50, classes=CLASSES)
    clock.give(made)
    yield made.start()
    made.close()


def test_every_rule_is_broken_and_every_record_lives(cluster, clock, say):
    stories = told(cluster, clock)
    rules = listed_rules()
    ledgers = Ledgers(stories)
    stories = stories.values()
    assert {story.name for story in stories if story.reason} == rules
    assert {story.record for story in stories if not story.reason} == {record for record, _ in rules} - {"Entry"}
    assert {story.name for story in stories if story.waits_s() > WAIT_MAX_S} <= set(BROKEN_ELSEWHERE)
    for (record, reason), file in BROKEN_ELSEWHERE.items():
        text = pathlib.Path(__file__).with_name(file).read_text()
        assert (record, reason) in rules and reason in text
    say(f"{len(rules)} rules and {len(stories) - len(rules)} types of record, on {len(ledgers.leaves)} ledgers")
    wrong = []
    for number, leaf in enumerate(ledgers.leaves):
        if number > 0:
            cluster.start_again_empty()
        wrong += ledgers.play(cluster, clock, leaf)
    assert not wrong, "\n" + "\n".join(wrong)
