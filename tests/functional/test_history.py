"""Nineteen years of launches: eleven states file them, four of which vote; then the years go by, and they report."""

import collections
import csv
import datetime
import itertools
import json
import os
import pty
import signal
import subprocess
import threading

import pytest

import ledger_format as lf
from client import Author, file_one, now_us
from clocks import faketime
from cluster import ASSENT, CODES, ROOT, wait_until
from protos import entry as entry_pb
from protos import membership, record
from steps import lodge_note

HISTORY = ROOT / "deploy" / "sample" / "history.csv"
FIRST_YEAR, LAST_YEAR = 2002, 2020
# The calendar repeats after 28 years, up to 2099: every launch keeps its day when the file is moved past the present.
MOVED_YEARS = next(years for years in (28, 56) if FIRST_YEAR + years > datetime.date.today().year + 1)
SHIFT = ("--shift", f"{MOVED_YEARS * 1461 // 4}d")
# The founders are members since then; the others join while the test runs.
FOUNDED = datetime.datetime(2018, 6, 1)
FILED_AFTERWARDS = 2019  # all launches of this year, long after they took place
REPORTED_ONLY = "2018-12"  # those of founders are reported, without ever having been notified
WINDOW_BEFORE = datetime.timedelta(hours=1)
AFTER_ALL = datetime.datetime(LAST_YEAR + MOVED_YEARS + 1, 1, 2)

CLASSES = {"Ariane 5": "SLV_HEAVY", "Proton": "SLV_HEAVY", "Electron": "SLV_LIGHT", "": "SLV_MEDIUM"}
OUTCOMES = {"launched": record.LAUNCHED, "failed": record.FAILED}
ACT_CLASSES = ("SLV_LIGHT, space launch: Light", "SLV_MEDIUM, space launch: Medium", "SLV_HEAVY, space launch: Heavy")


class Plan:
    """What becomes of each row of the file, and what the ledger must say then: by arithmetic of its own."""

    def __init__(self):
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        self.rows = list(csv.DictReader(HISTORY.read_text(encoding="utf-8").splitlines()))
        self.states = sorted({row["state"] for row in self.rows})
        first, last = {}, {}
        for row in self.rows:
            first.setdefault(row["state"], id(row))
            last[row["state"]] = id(row)
        self.moved, self.real, self.soon, self.reported = [], [], [], []
        for row in self.rows:
            time = self.time(row)
            founder = row["state"] in CODES
            if founder and row["launch_time_utc"].startswith(REPORTED_ONLY):
                self.reported.append((row, time))
            elif time.year == FILED_AFTERWARDS or id(row) == first[row["state"]]:
                self.real.append((row, time))
            elif founder and id(row) == last[row["state"]]:
                self.soon.append((row, self.now + datetime.timedelta(hours=6)))
            else:
                self.moved.append((row, time.replace(year=time.year + MOVED_YEARS)))

    @staticmethod
    def time(row):
        return datetime.datetime.strptime(row["launch_time_utc"], "%Y-%m-%dT%H:%M:%SZ")

    def timeliness(self, row, time):
        """Of the notification of a launch at this time."""
        since = FOUNDED if row["state"] in CODES else self.now
        if time - WINDOW_BEFORE < since:
            return "historic"
        if any(row is late for late, _ in self.soon):
            return "late"
        return "post_facto" if time.year == FILED_AFTERWARDS else "timely"

    def totals(self, reported):
        """{(state, year): {column: number}}, as the question has it. `reported`: also what was moved ahead."""
        totals = collections.defaultdict(collections.Counter)
        for row, time in itertools.chain(self.moved, self.real, self.soon):
            how = self.timeliness(row, time)
            totals[row["state"], (time - WINDOW_BEFORE).year]["announced_" + how] += 1
            if reported or any(row is past for past, _ in self.real):
                totals[row["state"], time.year]["launched_" + how.replace("post_facto", "late")] += 1
        for row, time in self.reported:
            totals[row["state"], time.year]["launched_unannounced"] += 1
        return totals

    def without_notification(self):
        """The rows of the question, and those of a time before membership apart."""
        rows = {False: [], True: []}
        for row, time in itertools.chain(self.moved, self.real, self.soon):
            how = self.timeliness(row, time)
            if how != "timely":
                rows[how == "historic"].append((row["state"], time - WINDOW_BEFORE, "LAUNCH_NOTIFIED", how.upper()))
        rows[False] += [(row["state"], time, "LAUNCH_REPORTED", None)
                        for row, time in self.reported]
        return {historic: sorted(found, key=lambda found: found[:2]) for historic, found in rows.items()}


def rfc3339(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def microseconds(time):
    return int(time.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1_000_000


def write_list(path, launches):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, launches[0].keys())
        table.writeheader()
        table.writerows(launches)
    return path


class Importer:
    """`assent import` of all eleven states, each with the rows that are its own."""

    def __init__(self, cluster, folder):
        self.cluster = cluster
        self.classes = folder / "classes.toml"
        self.classes.write_text("[classes]\n" + "".join(f'"{name}" = "{kind}"\n' for name, kind in CLASSES.items()))

    def command(self, path, *options):
        states = [part for node in self.cluster for part in ("--state", node.folder / "assent.toml")]
        return [str(part) for part in (ASSENT, "import", path, "--classes", self.classes, *states, "--visibility",
                                       "PUBLIC", "--json", *options)]

    def run(self, path, *options, environment=None):
        done = subprocess.run(self.command(path, *options), capture_output=True, text=True, timeout=600,
                              stdin=subprocess.DEVNULL, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        return {facts["state"]: facts for facts in json.loads(done.stdout)["states"]}


class Terminal:
    """A process whose standard error is a terminal, and what it draws there."""

    def __init__(self, command):
        ours, theirs = pty.openpty()
        self.drawn = b""
        # Whoever starts these tests in the background may have them ignore what the terminal's user says.
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
                                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self._reader.start()

    def _read(self, ours):
        while True:
            try:
                self.drawn += os.read(ours, 4096)
            except OSError:  # the other end is closed
                os.close(ours)
                return

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self._reader.join(60)


def answer(cluster, code, *question):
    return cluster.json(code, "ask", *question, "--limit", 100000)["rows"]


def check_totals(cluster, expected, states):
    """Every state and year, also those with nothing. Returns how many launches took place in each, as it was told."""
    launched = collections.Counter()
    for year in range(FIRST_YEAR, AFTER_ALL.year + 1):
        told = {row["state"]: row for row in answer(cluster, CODES[year % len(CODES)], "year-totals", year)}
        assert sorted(told) == states
        for state, row in told.items():
            counted = {name: number for name, number in row.items()
                       if name.startswith(("announced_", "launched_")) and number}
            assert counted == dict(expected.get((state, year), {})), (state, year)
            launched[state, year] = sum(count for name, count in counted.items() if name.startswith("launched_"))
    return launched


def check_without_notification(cluster, expected):
    for historic, rows in expected.items():
        told = answer(cluster, "IND", "launches-without-timely-notification", *(["--historic"] if historic else []))
        assert [(row["state"], row["at"], row["basis"], row.get("timeliness")) for row in told] == [
            (state, rfc3339(time), basis, timeliness) for state, time, basis, timeliness in rows], historic


@pytest.fixture
def eleven(new_cluster, say):
    cluster = new_cluster(founded=rfc3339(FOUNDED), classes=ACT_CLASSES)
    plan = Plan()
    members = list(CODES)

    client = cluster["FRA"].client()
    for code in sorted(set(plan.states) - set(CODES)):
        cluster.add(lf.State(code, f"State of {code}"), CODES[len(members) % len(CODES)])
        question = lodge_note(cluster, code, "FRA")
        for member in members[1:2 * len(members) // 3 + 1]:  # a quorum with FRA, which has lodged it
            file_one(client, Author(cluster, member).follow(client), entry_pb.Body(
                visibility=entry_pb.PUBLIC, issued_at_us=now_us(),
                endorsement=membership.Endorsement(question=question)))
        members.append(code)
    assert sorted(members) == plan.states and len(members) == 11
    voting = [state["code"] for state in cluster.json("FRA", "members")["members"] if state["votes"]]
    assert sorted(voting) == sorted(CODES)
    say("eleven states are members; the nodes of four vote, and the others file through them")
    return cluster, plan


def test_the_launches_of_nineteen_years(eleven, tmp_path, say):
    cluster, plan = eleven
    assert len(plan.rows) == 1466
    assert len(plan.moved) + len(plan.real) + len(plan.soon) + len(plan.reported) == 1466
    importer = Importer(cluster, tmp_path)
    joined = cluster["FRA"].client().status().tree_size

    def size():
        return cluster["FRA"].client().status().tree_size - joined

    def check_size(entries):
        """What is final at the node that answered may be a block away from another."""
        wait_until(f"{entries} entries", lambda: size() >= entries)
        assert size() == entries

    moved = write_list(tmp_path / "moved.csv", [row for row, _ in plan.moved])
    say(f"{len(plan.moved)} launches are filed as those of {FIRST_YEAR + MOVED_YEARS} and on; on the way two nodes "
        "freeze, and it is interrupted")
    terminal = Terminal(importer.command(moved, *SHIFT))
    wait_until("a third of it", lambda: size() >= len(plan.moved) // 3)
    frozen = [cluster[code].process for code in CODES[2:]]
    for process in frozen:
        process.send_signal(signal.SIGSTOP)
    wait_until("the progress bar", lambda: b"importing  [====" in terminal.drawn)
    terminal.interrupt()
    assert terminal.process.returncode == -signal.SIGINT
    for process in frozen:
        process.send_signal(signal.SIGCONT)
    before = size()
    assert before < len(plan.moved), "it was interrupted too late to show anything"

    say(f"at {before} entries; the same again files the rest, each launch once")
    resumed = importer.run(moved, *SHIFT)
    for code, facts in resumed.items():
        wanted = sum(row["state"] == code for row, _ in plan.moved)
        assert facts["good"] and facts["notified_before"] + facts["notified"] == wanted, facts
        assert facts["reported"] == 0 and facts["ahead"] == wanted, facts
    assert sum(facts["notified_before"] for facts in resumed.values()) >= before
    check_size(len(plan.moved))
    assert all(facts["wanted"] == 0 for facts in importer.run(moved, *SHIFT).values())
    assert size() == len(plan.moved)

    say(f"{len(plan.real)} are filed and reported with their true dates, {len(plan.soon)} six hours before the launch,")
    importer.run(write_list(tmp_path / "real.csv", [row for row, _ in plan.real]))
    soon = write_list(tmp_path / "soon.csv", [dict(row, launch_time_utc=rfc3339(time)) for row, time in plan.soon])
    importer.run(soon)
    filed = len(plan.moved) + 2 * len(plan.real) + len(plan.soon)
    cluster.wait_for_agreement(CODES, at_least=joined + filed)
    say(f"{len(plan.reported)} are reported only")
    client = cluster["USA"].client()
    for row, time in plan.reported:
        file_one(client, Author(cluster, row["state"]).follow(client), entry_pb.Body(
            visibility=entry_pb.PUBLIC, issued_at_us=now_us(), launch_report=record.LaunchReport(
                launched_at_us=microseconds(time), outcome=OUTCOMES[row["outcome"]], kind=record.SPACE_LAUNCH,
                class_id="SLV_MEDIUM")))
    check_size(filed + len(plan.reported))
    cluster.wait_for_agreement(CODES)
    check_totals(cluster, plan.totals(reported=False), plan.states)
    check_without_notification(cluster, plan.without_notification())

    say("what lies ahead cannot be reported")
    ahead = next(entry for entry in client.entries()
                 if entry_pb.Body.FromString(entry.entry.body).HasField("launch_notification"))
    body = entry_pb.Body.FromString(ahead.entry.body)
    author = Author(cluster, entry_pb.EntryHeader.FromString(ahead.entry.header).author).follow(client)
    assert client.refused(author.prepare(entry_pb.Body(
        visibility=entry_pb.PUBLIC, issued_at_us=now_us(), launch_report=record.LaunchReport(
            notification=ahead.index, launched_at_us=body.launch_notification.window_start_us + 3_600_000_000,
            outcome=record.LAUNCHED)))) == ("FAILED_PRECONDITION", "LAUNCH_TIME_IN_FUTURE")

    say(f"the years go by: it is {AFTER_ALL.year}, and the same imports report it all")
    for code in CODES:
        cluster[code].stop()
    later = faketime(AFTER_ALL)
    for code in CODES:
        cluster[code].start(wait=False, environment=later)
    for code in CODES:
        wait_until(f"the node of {code} serves", cluster[code].serves)
    for path, options, launches in ((moved, SHIFT, plan.moved), (soon, (), plan.soon)):
        facts = importer.run(path, *options, environment=later).values()
        assert sum(state["reported"] for state in facts) == len(launches)
        assert sum(state["notified"] + state["ahead"] for state in facts) == 0
    cluster.wait_for_agreement(CODES)
    told = check_totals(cluster, plan.totals(reported=True), plan.states)
    check_without_notification(cluster, plan.without_notification())
    assert answer(cluster, "JPN", "expired-unresolved") == []

    say("the sums are those of the file, by state and year; the audit agrees")
    for state in plan.states:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            soon = told[state, plan.soon[0][1].year] if year == LAST_YEAR else 0
            assert told[state, year] + told[state, year + MOVED_YEARS] + soon == sum(
                row["state"] == state and row["launch_time_utc"].startswith(f"{year}-") for row in plan.rows)
    bodies = [entry_pb.Body.FromString(entry.entry.body) for entry in cluster["USA"].client().entries()]
    assert collections.Counter(body.launch_report.outcome for body in bodies if body.HasField("launch_report")) == (
        collections.Counter(OUTCOMES[row["outcome"]] for row in plan.rows))
    cluster.cli("FRA", "audit")
